#include "corpus/log.h"

#include <stdio.h>
#include <strings.h>

enum { DETECT_LINES = 200 };

typedef enum part_kind {
    PART_LITERAL,
    PART_BLANKS,
    PART_ONE_BLANK,
    PART_CLOCK,
    PART_DATE,
    PART_STAMP,
    PART_LONG_DATE,
    PART_NICK,
    PART_CHANNEL,
    PART_TEXT
} part_kind;

typedef struct part {
    part_kind kind;
    char literal;
} part;

typedef struct template {
    part *parts;
    size_t count;
}
template;

typedef struct template_list {
    template *items;
    size_t count;
} template_list;

struct lb_log_templates {
    lb_arena *arena;
    template_list prefixes, services, messages, notices, days;
};

static bool named_part(const char **at, part_kind *kind) {
    static const struct {
        const char *name;
        part_kind kind;
    } known[] = {{"{clock}", PART_CLOCK},        {"{date}", PART_DATE}, {"{stamp}", PART_STAMP},
                 {"{longdate}", PART_LONG_DATE}, {"{nick}", PART_NICK}, {"{channel}", PART_CHANNEL},
                 {"{text}", PART_TEXT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t size = strlen(known[i].name);
        if (strncmp(*at, known[i].name, size) == 0) {
            *at += size;
            *kind = known[i].kind;
            return true;
        }
    }
    return false;
}

static int compile_template(lb_arena *arena, const char *text, const char *where, template *out,
                            lb_error *error) {
    out->parts = lb_arena_alloc(arena, strlen(text), sizeof(part));
    out->count = 0;
    if (!out->parts)
        return lb_fail_memory(error, "compiling line templates");
    for (const char *at = text; *at;) {
        part p = {.kind = PART_LITERAL, .literal = *at};
        if (*at == '{') {
            if (!named_part(&at, &p.kind))
                return lb_fail(error, LB_E_USAGE, where, "see the templates in src/corpus/log.h",
                               "the line template \"%s\" has an unknown part", text);
        } else {
            if (*at == ' ')
                p.kind = strncmp(at + 1, "{text}", 6) == 0 ? PART_ONE_BLANK : PART_BLANKS;
            at++;
        }
        out->parts[out->count++] = p;
    }
    return LB_OK;
}

static int compile_list(lb_arena *arena, lb_strings strings, const char *where, template_list *out,
                        lb_error *error) {
    out->items = lb_arena_alloc(arena, strings.count, sizeof(template));
    out->count = strings.count;
    if (!out->items)
        return lb_fail_memory(error, "compiling line templates");
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < strings.count; i++)
        status = compile_template(arena, strings.items[i], where, &out->items[i], error);
    return status;
}

int lb_log_compile(lb_log_templates **out, const lb_format *format, const char *where,
                   lb_error *error) {
    *out = NULL;
    lb_log_templates *t = lb_alloc_zero(1, sizeof *t);
    if (!t || !(t->arena = lb_arena_new())) {
        lb_free(t);
        return lb_fail_memory(error, "compiling line templates");
    }
    int status = compile_list(t->arena, format->line_prefixes, where, &t->prefixes, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->service_lines, where, &t->services, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->message_lines, where, &t->messages, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->notice_lines, where, &t->notices, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->day_lines, where, &t->days, error);
    if (status < 0)
        lb_log_templates_free(t);
    else
        *out = t;
    return status;
}

void lb_log_templates_free(lb_log_templates *templates) {
    if (!templates)
        return;
    lb_arena_free(templates->arena);
    lb_free(templates);
}

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool take(cursor *c, char wanted) {
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_number(cursor *c, unsigned most, unsigned *value) {
    unsigned digits = 0;
    for (*value = 0; digits < most && c->at < c->end && is_digit(*c->at); digits++)
        *value = *value * 10 + (unsigned)(*c->at++ - '0');
    return digits > 0;
}

static bool take_half_day(cursor *c, unsigned *hour) {
    cursor ahead = *c;
    take(&ahead, ' ');
    if (ahead.end - ahead.at < 2 || (ahead.at[1] | 32) != 'm')
        return true;
    char half = (char)(*ahead.at | 32);
    if (half != 'a' && half != 'p')
        return true;
    c->at = ahead.at + 2;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (half == 'p' ? 12 : 0);
    return true;
}

static bool take_clock(cursor *c, lb_log_line *line) {
    unsigned hour, minute, second = 0;
    if (!take_number(c, 2, &hour) || !take(c, ':') || !take_number(c, 2, &minute))
        return false;
    if (take(c, ':') && !take_number(c, 2, &second))
        return false;
    if (!take_half_day(c, &hour) || hour > 23 || minute > 59 || second > 60)
        return false;
    line->has_clock = true;
    line->clock = hour * 3600 + minute * 60 + second;
    return true;
}

static bool take_date(cursor *c, lb_date *date) {
    unsigned year;
    const char *first = c->at;
    if (!take_number(c, 4, &year) || c->at - first != 4 || c->at == c->end)
        return false;
    char mark = *c->at;
    if ((mark != '-' && mark != '/') || !take(c, mark) || !take_number(c, 2, &date->month) ||
        !take(c, mark) || !take_number(c, 2, &date->day))
        return false;
    date->year = (int)year;
    return lb_date_valid(*date);
}

static bool take_stamp(cursor *c, lb_log_line *line) {
    const char *first = c->at;
    int64_t ignored;
    lb_date date;
    lb_log_line clock = {0};
    if (!take_date(c, &date) || (!take(c, 'T') && !take(c, ' ')) || !take_clock(c, &clock))
        return false;
    while (c->at < c->end && (is_digit(*c->at) || strchr(".,:+-Z", *c->at)) && *c->at)
        c->at++;
    line->stamp = (lb_str){first, (size_t)(c->at - first)};
    line->date = date;
    return lb_timestamp_parse(line->stamp, &ignored);
}

static unsigned month_of(const char *at, const char *end) {
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (end - at < 3)
        return 0;
    for (unsigned i = 0; i < 12; i++)
        if (strncasecmp(months + (size_t)3 * i, at, 3) == 0)
            return i + 1;
    return 0;
}

static void skip_blanks(cursor *c) {
    while (c->at < c->end && *c->at == ' ')
        c->at++;
}

static void skip_word(cursor *c) {
    while (c->at < c->end && *c->at != ' ')
        c->at++;
    skip_blanks(c);
}

/* Mon Jan 31 2024, Mon Jan 31 12:34:56 2024. */
static bool take_long_date(cursor *c, lb_date *date) {
    skip_word(c);
    date->month = month_of(c->at, c->end);
    skip_word(c);
    if (!date->month || !take_number(c, 2, &date->day))
        return false;
    skip_blanks(c);
    lb_log_line clock = {0};
    cursor ahead = *c;
    if (take_clock(&ahead, &clock)) {
        *c = ahead;
        skip_blanks(c);
    }
    unsigned year;
    if (!take_number(c, 4, &year))
        return false;
    date->year = (int)year;
    return lb_date_valid(*date);
}

/* Up to `stop` (a blank stands for the end of the line as well); blanks are not part of a word. */
static bool take_word(cursor *c, char stop, lb_str *word) {
    const char *first = c->at;
    while (c->at < c->end && *c->at != stop && *c->at != ' ' && *c->at != '\t')
        c->at++;
    *word = (lb_str){first, (size_t)(c->at - first)};
    return word->size > 0;
}

static bool take_nick(cursor *c, char stop, lb_log_line *line) {
    skip_blanks(c);
    if (c->end - c->at > 1 && strchr("@+%&~!", *c->at) && *c->at && c->at[1] != stop)
        c->at++;
    return take_word(c, stop, &line->nick);
}

static bool match_part(const template *t, size_t i, cursor *c, lb_log_line *line) {
    char stop =
        i + 1 < t->count && t->parts[i + 1].kind == PART_LITERAL ? t->parts[i + 1].literal : ' ';
    switch (t->parts[i].kind) {
    case PART_LITERAL:
        return take(c, t->parts[i].literal);
    case PART_BLANKS:
        if (!take(c, ' '))
            return false;
        skip_blanks(c);
        return true;
    case PART_ONE_BLANK:
        return take(c, ' ') || c->at == c->end;
    case PART_CLOCK:
        return take_clock(c, line);
    case PART_DATE:
        return take_date(c, &line->date);
    case PART_STAMP:
        return take_stamp(c, line);
    case PART_LONG_DATE:
        return take_long_date(c, &line->date);
    case PART_NICK:
        return take_nick(c, stop, line);
    case PART_CHANNEL:
        return take_word(c, stop, &line->channel);
    default:
        line->text = (lb_str){c->at, (size_t)(c->end - c->at)};
        c->at = c->end;
        return true;
    }
}

static bool match_template(const template *t, cursor *c, lb_log_line *line) {
    for (size_t i = 0; i < t->count; i++)
        if (!match_part(t, i, c, line))
            return false;
    return true;
}

static bool match_bodies(const template_list *list, cursor from, lb_log_line *line) {
    lb_log_line before = *line;
    for (size_t i = 0; i < list->count; i++) {
        cursor c = from;
        *line = before;
        if (match_template(&list->items[i], &c, line) && c.at == c.end)
            return true;
    }
    *line = before;
    return false;
}

lb_log_kind lb_log_match(const lb_log_templates *t, lb_str text, lb_log_line *out) {
    cursor whole = {text.data, text.data + text.size};
    *out = (lb_log_line){0};
    if (match_bodies(&t->days, whole, out))
        return LB_LOG_DAY;
    if (match_bodies(&t->notices, whole, out))
        return LB_LOG_SERVICE;
    for (size_t i = 0; i < t->prefixes.count; i++) {
        cursor c = whole;
        *out = (lb_log_line){0};
        if (!match_template(&t->prefixes.items[i], &c, out))
            continue;
        if (match_bodies(&t->services, c, out))
            return LB_LOG_SERVICE;
        if (match_bodies(&t->messages, c, out))
            return LB_LOG_MESSAGE;
    }
    return LB_LOG_UNKNOWN;
}

static bool is_date_mark(char c) {
    return c == '-' || c == '_' || c == '.' || c == '/';
}

/* YYYY-MM-DD, YYYY_MM_DD, YYYY.MM.DD, YYYY/MM/DD or YYYYMMDD. */
static bool date_at(const char *text, lb_date *date, size_t *size) {
    cursor c = {text, text + strlen(text)};
    unsigned year;
    const char *first = c.at;
    if (!take_number(&c, 4, &year) || c.at - first != 4)
        return false;
    char mark = c.at < c.end && is_date_mark(*c.at) ? *c.at : '\0';
    if ((mark && !take(&c, mark)) || !take_number(&c, 2, &date->month) ||
        (mark && !take(&c, mark)) || !take_number(&c, 2, &date->day))
        return false;
    date->year = (int)year;
    *size = (size_t)(c.at - first);
    return (c.at == c.end || !is_digit(*c.at)) && year >= 1970 && year < 2100 &&
           lb_date_valid(*date);
}

lb_date lb_log_date_in_path(const char *path, size_t *at, size_t *size) {
    lb_date found = {0};
    for (size_t i = 0; path[i]; i++) {
        lb_date date;
        size_t length;
        if ((i == 0 || !is_digit(path[i - 1])) && date_at(path + i, &date, &length)) {
            found = date;
            *at = i;
            *size = length;
        }
    }
    return found;
}

/* Share of lines that are understood, of those at the head; at least one is a message. */
static bool fits(const lb_log_templates *templates, lb_head head) {
    size_t lines = 0, known = 0, messages = 0;
    for (size_t at = 0; at < head.size && lines < DETECT_LINES;) {
        const char *end = memchr(head.data + at, '\n', head.size - at);
        size_t size = end ? (size_t)(end - head.data) - at : head.size - at;
        lb_str text = {head.data + at, size};
        at += size + 1;
        if (text.size > 0 && text.data[text.size - 1] == '\r')
            text.size--;
        if (text.size == 0 || (!end && !head.whole))
            continue;
        lb_log_line line;
        lb_log_kind kind = lb_log_match(templates, text, &line);
        lines++;
        known += kind != LB_LOG_UNKNOWN;
        messages += kind == LB_LOG_MESSAGE;
    }
    return messages > 0 && known * 5 >= lines * 3;
}

int lb_log_detect(lb_source_state *source, lb_head head, const lb_formats *formats,
                  lb_error *error) {
    size_t count;
    const lb_format *all = lb_formats_all(formats, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].message_lines.count == 0 || (source->format && source->format != &all[i]))
            continue;
        char where[128];
        snprintf(where, sizeof where, "datasets/%s/format.yaml", all[i].name);
        lb_log_templates *templates;
        int status = lb_log_compile(&templates, &all[i], where, error);
        if (status < 0)
            return status;
        if (source->format || fits(templates, head)) {
            source->facts.why =
                source->format ? "named by --format" : "most of its lines are of this kind";
            source->format = &all[i];
            source->log = templates;
            return 1;
        }
        lb_log_templates_free(templates);
    }
    return 0;
}
