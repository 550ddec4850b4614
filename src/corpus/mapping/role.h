/* Names that data sets give to those who speak: "user", "assistant", "gpt", ... */
#ifndef LB_CORPUS_MAPPING_ROLE_H
#define LB_CORPUS_MAPPING_ROLE_H

#include "base/str.h"

/* Whose turns are people's own words, where no format says it. */
#define LB_ROLES_OF_PEOPLE "user,human,prompter,customer,client,visitor,patient,student,seeker"

/* Is it any name of a role, of people or machines? ASCII case is ignored. */
bool lb_role_is_known(lb_str role);

/* Is `word` in the comma list? ASCII case and blanks around commas are ignored. */
bool lb_list_has(lb_str word, const char *list);

#endif
