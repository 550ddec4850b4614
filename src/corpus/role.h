/* Names that data sets give to those who speak: "user", "assistant", "gpt", ... */
#ifndef LB_CORPUS_ROLE_H
#define LB_CORPUS_ROLE_H

#include "base/str.h"

bool lb_role_is_known(
    lb_str role); /* any name of a role, of people or machines; ASCII case is ignored */
bool lb_role_is_person(lb_str role); /* user, human, prompter */

/* Is `word` in the comma list? ASCII case and blanks around commas are ignored. */
bool lb_list_has(lb_str word, const char *list);

#endif
