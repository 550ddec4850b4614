/* XML: the elements of one name are the records. */
#ifndef LB_CORPUS_READ_READ_XML_H
#define LB_CORPUS_READ_READ_XML_H

#include "corpus/read/reader.h"

int lb_xml_note(lb_source_state *source, lb_head head, lb_error *error); /* as lb_json_note */
int lb_xml_reader_open(lb_reader **out, lb_source_state *source, lb_error *error);

#endif
