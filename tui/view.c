/* view.c: see view.h. */
#include "view.h"

const struct view *const views[N_VIEWS] = {
#define X(name) [VIEW_##name] = &view_##name,
        VIEWS(X)
#undef X
};
