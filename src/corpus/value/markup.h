/* The words of an HTML text, as forums store their posts. Tags go; what ends a line in the browser
 * ends one here. What is not the author's own stays recognisable for --skip (skip.h): code is
 * fenced by ``` or `, lines of a block quote begin with "> ". */
#ifndef LB_CORPUS_VALUE_MARKUP_H
#define LB_CORPUS_VALUE_MARKUP_H

#include "base/memory.h"
#include "base/str.h"

/* `plain` lives in the arena. Anything is HTML: a < that begins no tag stays, and so does an entity
 * that HTML 4 does not know or that no ; ends. Without `tags` only entities are replaced. Linear
 * time. */
int lb_markup_text(lb_str html, bool tags, lb_str *plain, lb_arena *arena, lb_error *error);

#endif
