/* What the name of a field says about its meaning. First come the names that data sets are known to
 * use, as a whole; then the words of a name: of chat_message, senderUid or Gesprächs-ID, what
 * stands last (endings such as id, name or text left out) says what the field is. */
#ifndef LB_CORPUS_MAPPING_GUESS_NAMES_H
#define LB_CORPUS_MAPPING_GUESS_NAMES_H

#include "corpus/mapping/mapping.h"
#include "corpus/mapping/path.h"

/* Does a field with this path, by its name, fill the slot (one of LB_SLOT_USER ... LB_SLOT_TEXT)?
 * Of several, the one with the least cost is the best; from LB_NAME_COMMON on, other things go
 * by that name as well; from LB_NAME_BY_WORDS on, only its words are known. */
enum { LB_NAME_COMMON = 500, LB_NAME_BY_WORDS = 1000 };
bool lb_name_fits(lb_path path, lb_slot slot, unsigned *cost);

/* The same for a name that stands alone: a column, an attribute. */
bool lb_name_fits_alone(lb_str name, lb_slot slot);

/* Is it the name of something that many people share: a country, a language, a score? */
bool lb_name_is_of_attribute(lb_path path);

/* Is it the name of a point in time and of nothing else: time, date, created_at, sent_at ...? */
bool lb_name_is_of_time(lb_path path);

/* Is it the name of a text and of nothing else: text, content, message ...? A value, a post or a
 * line may be a figure. */
bool lb_name_is_of_text(lb_path path);

/* Does the name end in id, key, hash ...? */
bool lb_name_is_of_key(lb_path path);

/* Two points for each of user, text and time among the names of a table's columns. */
size_t lb_name_points(const lb_str *names, size_t count);

#endif
