/* columns.c: see columns.h. The ranges are those of Unicode 15's East Asian Width (W and F) and of
 * its combining marks, joined where only unassigned codes lie between. */
#include "sink/columns.h"

#include <string.h>

#include "base/utf8.h"

struct range {
	uint32_t first, last;
};

static const struct range combining[] = {
        {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x0610, 0x061A},
        {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC},   {0x06DF, 0x06E4},
        {0x0711, 0x0711}, {0x0730, 0x074A}, {0x0900, 0x0902},   {0x093C, 0x093C},
        {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0E31, 0x0E31},   {0x0E34, 0x0E3A},
        {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},   {0x200B, 0x200F},
        {0x20D0, 0x20FF}, {0x302A, 0x302D}, {0x3099, 0x309A},   {0xFE00, 0xFE0F},
        {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF},
};

static const struct range wide[] = {
        {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
        {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
        {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
        {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
        {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
        {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
        {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
        {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
        {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
        {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
        {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1AFF0, 0x1B2FF},
        {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
        {0x1F200, 0x1F265}, {0x1F300, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C},
        {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0},
        {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC},
        {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
        {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC},
        {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC},
        {0x1F7E0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF},
        {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

/* The ranges are in order: searched by halves. */
static bool is_in(const struct range *ranges, size_t n, uint32_t code)
{
	size_t low = 0;
	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (code > ranges[middle].last)
			low = middle + 1;
		else if (code < ranges[middle].first)
			n = middle;
		else
			return true;
	}
	return false;
}

static size_t columns_of_code(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (is_in(combining, sizeof combining / sizeof combining[0], code))
		return 0;
	return is_in(wide, sizeof wide / sizeof wide[0], code) ? 2 : 1;
}

/* Bytes of the character at `at`, its columns in *columns. */
static size_t next_character(const char *at, size_t n, size_t *columns)
{
	uint32_t code;
	*columns = 1;
	if ((unsigned char)*at < 0x80)
		return 1;
	size_t len = utf8_read(at, n, &code);
	if (len == 0)
		return 1;
	*columns = columns_of_code(code);
	return len;
}

size_t columns_of(const char *bytes, size_t n)
{
	size_t sum = 0;
	size_t columns;
	for (size_t i = 0; i < n; sum += columns)
		i += next_character(bytes + i, n - i, &columns);
	return sum;
}

/* Most lines are ASCII, where bytes are columns. */
static bool is_ascii(const char *bytes, size_t n)
{
	uint64_t seen = 0;
	for (; n >= sizeof seen; n -= sizeof seen, bytes += sizeof seen) {
		uint64_t eight;
		memcpy(&eight, bytes, sizeof eight);
		seen |= eight;
	}
	for (; n > 0; n--, bytes++)
		seen |= (unsigned char)*bytes;
	return (seen & UINT64_C(0x8080808080808080)) == 0;
}

/* Bytes at `at` that fill at most `columns` columns, at least one character. */
static size_t bytes_that_fit(const char *at, size_t n, size_t columns)
{
	if (n > columns && is_ascii(at, columns))
		return columns;
	size_t used = 0;
	size_t i = 0;
	while (i < n) {
		size_t more;
		size_t len = next_character(at + i, n - i, &more);
		if (i > 0 && used + more > columns)
			break;
		used += more;
		i += len;
	}
	return i;
}

size_t lines_next(struct lines *lines, size_t columns, const char **line)
{
	while (lines->at < lines->end && *lines->at == ' ')
		lines->at++;
	const char *start = lines->at;
	size_t left = (size_t)(lines->end - start);
	size_t n = left <= columns ? left : bytes_that_fit(start, left, columns);
	if (n < left && start[n] != ' ') { /* in the middle of a word: back to its start */
		const char *space = memrchr(start, ' ', n);
		n = space ? (size_t)(space - start) : n;
	}
	lines->at = start + n;
	*line = start;
	while (n > 0 && start[n - 1] == ' ')
		n--;
	return n;
}
