#include "corpus/log.h"
#include "corpus/stream.h"
void lb_log_templates_free(lb_log_templates *templates) {
    (void)templates;
}
int lb_log_detect(lb_source_state *source, lb_head head, const lb_formats *formats,
                  lb_error *error) {
    (void)source;
    (void)head;
    (void)formats;
    (void)error;
    return 0;
}
int lb_note_log(lb_source_state *s, lb_head h, lb_error *e) {
    (void)s;
    (void)h;
    (void)e;
    return 0;
}
int lb_note_xml(lb_source_state *s, lb_head h, lb_error *e) {
    (void)s;
    (void)h;
    (void)e;
    return 0;
}
int lb_xml_reader_new(lb_xml_reader **o, lb_source_state *s, lb_error *e) {
    (void)s;
    *o = NULL;
    return lb_fail(e, LB_E_INPUT, "xml", "later", "later");
}
void lb_xml_reader_free(lb_xml_reader *r) {
    (void)r;
}
int lb_xml_read(lb_xml_reader *r, lb_block *b, lb_emitter *e, bool l, lb_error *er) {
    (void)r;
    (void)b;
    (void)e;
    (void)l;
    (void)er;
    return 0;
}
int lb_log_reader_new(lb_log_reader **o, lb_source_state *s, lb_error *e) {
    (void)s;
    *o = NULL;
    return lb_fail(e, LB_E_INPUT, "log", "later", "later");
}
void lb_log_reader_free(lb_log_reader *r) {
    (void)r;
}
int lb_log_read(lb_log_reader *r, lb_block *b, lb_emitter *e, lb_error *er) {
    (void)r;
    (void)b;
    (void)e;
    (void)er;
    return 0;
}
