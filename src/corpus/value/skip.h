/* Leaves out of a message what is not its author's own text (--skip). */
#ifndef LB_CORPUS_VALUE_SKIP_H
#define LB_CORPUS_VALUE_SKIP_H

#include "base/memory.h"
#include "base/str.h"

enum {
    LB_SKIP_NOTHING = 0,
    LB_SKIP_QUOTES = 1, /* lines that begin with > */
    LB_SKIP_CODE = 2,   /* fenced blocks, and `spans` within a line */
    LB_SKIP_URLS = 4    /* http://, https://, ftp://, www. up to the next blank */
};

/* A comma list of quotes, code, urls, or "none". LB_E_USAGE for anything else. */
int lb_skip_parse(const char *list, unsigned *skips, lb_error *error);

/* What is left of `text`, in the arena (or `text` itself where nothing is left out). */
int lb_skip_apply(unsigned skips, lb_str text, lb_str *left, lb_arena *arena, lb_error *error);

#endif
