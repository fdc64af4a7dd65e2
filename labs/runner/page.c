/* page.c: md4c reads the Markdown and tells of each block, span and piece of text; the tables below
 * say what each is on the sheet. It must not know where pages lie or how they are shown. */
#include "runner/page.h"

#include <md4c.h>
#include <string.h>

#include "base/text.h"
#include "runner/sheet.h"

enum { MAX_DEPTH = 8, QUOTE_INDENT = 2 };

/* A list that is open. */
struct list {
	bool ordered, tight;
	unsigned number;   /* of its next item */
	size_t item_width; /* of its items' marker, by which their text is set in */
};

struct page {
	struct sheet sheet;
	struct table table;
	struct list lists[MAX_DEPTH];
	size_t depth;      /* lists open; deeper ones look like the deepest */
	unsigned style;    /* of the open spans */
	size_t link_start; /* where the text of the open link starts */
};

/* ---- blocks ---- */
static struct list *innermost(struct page *page)
{
	size_t depth = page->depth < MAX_DEPTH ? page->depth : MAX_DEPTH;
	return depth > 0 ? &page->lists[depth - 1] : NULL;
}

/* A block has ended: an empty line follows, but not within a tight list. */
static void end_block(struct page *page)
{
	const struct list *list = innermost(page);
	page->sheet.blank_due = list == NULL || !list->tight;
}

static void enter_list(struct page *page, const struct list *list)
{
	(void)sheet_flush_text(&page->sheet); /* of the item around a nested list */
	page->depth++;
	*innermost(page) = *list;
}

static void enter_ul(struct page *page, const void *detail)
{
	const MD_BLOCK_UL_DETAIL *ul = detail;
	enter_list(page, &(struct list){.tight = ul->is_tight != 0});
}

static void enter_ol(struct page *page, const void *detail)
{
	const MD_BLOCK_OL_DETAIL *ol = detail;
	enter_list(page, &(struct list){
	                         .ordered = true, .tight = ol->is_tight != 0, .number = ol->start});
}

static void leave_list(struct page *page, const void *detail)
{
	(void)detail;
	page->depth--;
	end_block(page);
}

static void enter_item(struct page *page, const void *detail)
{
	(void)detail;
	struct list *list = innermost(page);
	struct sheet *sheet = &page->sheet;
	struct text marker = text_of(sheet->marker, sizeof sheet->marker);
	if (list->ordered) {
		text_add_uint(&marker, list->number++);
		text_add_char(&marker, '.');
	} else {
		text_add_char(&marker, '-');
	}
	text_add_char(&marker, ' ');
	sheet->marker_len = list->item_width = marker.len;
	sheet->indent += marker.len;
}

static void leave_item(struct page *page, const void *detail)
{
	(void)detail;
	struct sheet *sheet = &page->sheet;
	(void)sheet_flush_text(sheet); /* its last text, if that is not a paragraph */
	size_t width = innermost(page)->item_width;
	sheet->indent -= width < sheet->indent ? width : sheet->indent;
	sheet->marker_len = 0;
}

static void enter_quote(struct page *page, const void *detail)
{
	(void)detail;
	page->sheet.indent += QUOTE_INDENT;
}

static void leave_quote(struct page *page, const void *detail)
{
	(void)detail;
	page->sheet.indent -= QUOTE_INDENT;
}

static void leave_paragraph(struct page *page, const void *detail)
{
	(void)detail;
	(void)sheet_flush_text(&page->sheet); /* how wide it was matters to headings only */
	end_block(page);
}

static void enter_bold(struct page *page, const void *detail)
{
	(void)detail;
	sheet_style(&page->sheet, STYLE_BOLD);
}

/* Underlines the two upper levels of headings, which plain text can show too. */
static void leave_heading(struct page *page, const void *detail)
{
	const MD_BLOCK_H_DETAIL *heading = detail;
	sheet_style(&page->sheet, 0);
	size_t columns = sheet_flush_text(&page->sheet);
	if (heading->level <= 2 && columns > 0)
		sheet_rule(&page->sheet, heading->level == 1 ? '=' : '-', columns);
	end_block(page);
}

static void leave_rule(struct page *page, const void *detail)
{
	(void)detail;
	sheet_rule(&page->sheet, '-', page->sheet.width);
	end_block(page);
}

static void enter_code(struct page *page, const void *detail)
{
	(void)detail;
	(void)sheet_flush_text(&page->sheet); /* of the list item around it */
	page->sheet.in_code = true;
}

static void leave_code(struct page *page, const void *detail)
{
	(void)detail;
	page->sheet.in_code = false;
	sheet_flush_code(&page->sheet);
	end_block(page);
}

static void enter_table(struct page *page, const void *detail)
{
	const MD_BLOCK_TABLE_DETAIL *table = detail;
	(void)sheet_flush_text(&page->sheet);
	table_start(&page->table, table->col_count);
	page->sheet.table = &page->table;
}

static void leave_table(struct page *page, const void *detail)
{
	(void)detail;
	sheet_flush_table(&page->sheet);
	end_block(page);
}

static void enter_row(struct page *page, const void *detail)
{
	(void)detail;
	table_start_row(&page->table);
}

static void leave_cell(struct page *page, const void *detail)
{
	(void)detail;
	table_end_cell(&page->table);
}

/* What each kind of block does when it begins and when it ends; the others do nothing. */
static const struct {
	void (*enter)(struct page *page, const void *detail);
	void (*leave)(struct page *page, const void *detail);
} blocks[MD_BLOCK_TD + 1] = {
        [MD_BLOCK_UL] = {enter_ul, leave_list},
        [MD_BLOCK_OL] = {enter_ol, leave_list},
        [MD_BLOCK_LI] = {enter_item, leave_item},
        [MD_BLOCK_QUOTE] = {enter_quote, leave_quote},
        [MD_BLOCK_P] = {NULL, leave_paragraph},
        [MD_BLOCK_H] = {enter_bold, leave_heading},
        [MD_BLOCK_HR] = {NULL, leave_rule},
        [MD_BLOCK_CODE] = {enter_code, leave_code},
        [MD_BLOCK_TABLE] = {enter_table, leave_table},
        [MD_BLOCK_TR] = {enter_row, NULL},
        [MD_BLOCK_TH] = {enter_bold, leave_cell},
        [MD_BLOCK_TD] = {NULL, leave_cell},
};

/* ---- spans: styles within the text, and links ---- */
static const unsigned span_styles[MD_SPAN_U + 1] = {
        [MD_SPAN_STRONG] = STYLE_BOLD,
        [MD_SPAN_CODE] = STYLE_CODE,
        [MD_SPAN_EM] = STYLE_EMPHASIS,
};

/* Writes a link's address behind its text, unless it is the text, or leads to a file beside the
 * page, which nobody can follow on a terminal. */
static void leave_link(struct page *page, const MD_ATTRIBUTE *href)
{
	struct sheet *sheet = &page->sheet;
	const struct buffer *text = sheet_text(sheet);
	size_t text_len = text->len - page->link_start;
	if (href->size == 0 || memmem(href->text, href->size, "://", 3) == NULL)
		return;
	if (text_len == href->size &&
	    memcmp(text->bytes + page->link_start, href->text, text_len) == 0)
		return;
	sheet_add(sheet, " (", 2);
	sheet_add(sheet, href->text, href->size);
	sheet_add(sheet, ")", 1);
}

/* ---- what md4c calls; a result other than 0 stops it ---- */
static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct page *page = arg;
	if (blocks[type].enter != NULL)
		blocks[type].enter(page, detail);
	return page->sheet.out->failed;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct page *page = arg;
	if (blocks[type].leave != NULL)
		blocks[type].leave(page, detail);
	return page->sheet.out->failed;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)detail; /* a link's address is written behind it */
	struct page *page = arg;
	page->style |= span_styles[type];
	if (span_styles[type] != 0)
		sheet_style(&page->sheet, page->style);
	page->link_start = sheet_text(&page->sheet)->len;
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct page *page = arg;
	const MD_SPAN_A_DETAIL *link = detail;
	if (type == MD_SPAN_A)
		leave_link(page, &link->href);
	page->style &= ~span_styles[type];
	if (span_styles[type] != 0)
		sheet_style(&page->sheet, page->style);
	return 0;
}

/* "&amp;" and its like; what is not known here stays as it is written. */
static void add_entity(struct sheet *sheet, const char *name, size_t n)
{
	static const struct {
		const char *name, *text;
	} entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (strlen(entities[i].name) == n && memcmp(entities[i].name, name, n) == 0) {
			sheet_add(sheet, entities[i].text, 1);
			return;
		}
	}
	sheet_add(sheet, name, n);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *arg)
{
	struct sheet *sheet = &((struct page *)arg)->sheet;
	if (type == MD_TEXT_BR)
		buffer_add(sheet_text(sheet), "\n", 1);
	else if (type == MD_TEXT_SOFTBR)
		sheet_add(sheet, " ", 1);
	else if (type == MD_TEXT_ENTITY)
		add_entity(sheet, text, size);
	else
		sheet_add(sheet, text, size);
	return 0;
}

int page_render(struct buffer *out, const char *markdown, size_t n,
                const struct page_options *options)
{
	static const MD_PARSER parser = {
	        .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_PERMISSIVEURLAUTOLINKS,
	        .enter_block = enter_block,
	        .leave_block = leave_block,
	        .enter_span = enter_span,
	        .leave_span = leave_span,
	        .text = on_text,
	};
	struct page page = {
	        .sheet = {.out = out, .width = options->width, .color = options->color}};
	int result = n <= (MD_SIZE)-1 ? md_parse(markdown, (MD_SIZE)n, &parser, &page) : -1;
	bool failed = result != 0 || out->failed || page.sheet.line.failed;
	buffer_release(&page.sheet.line);
	buffer_release(&page.table.text);
	return failed ? -1 : 0;
}
