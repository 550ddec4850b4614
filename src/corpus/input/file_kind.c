#include "corpus/input/file_kind.h"

#include <strings.h>

#include "base/ascii.h"
#include "base/utf8.h"

#define UNPACK "unpack it and name the files"
#define SHEETS "save each sheet as CSV and name those"

enum { /* the order of `kinds` */
       WEB_PAGE,
       PDF,
       RICH_TEXT,
       WORD,
       EXCEL,
       SLIDES,
       OPEN_DOCUMENT,
       BOOK,
       OLD_OFFICE,
       PICTURE,
       SOUND,
       SEVEN_ZIP,
       RAR,
       OTHER_COMPRESSION,
       POSTSCRIPT,
       NUMBERS,
       PROGRAM,
       OWN_REPORT,
       APPLE_DOUBLE,
       FINDER,
       KINDS
};

static const lb_file_kind kinds[KINDS] = {
    [WEB_PAGE] = {.what = "a web page (HTML)",
                  .mend = "export the conversations as JSON, CSV or text and name that",
                  .markup = true},
    [PDF] = {.what = "a PDF document", .mend = "save its text as a .txt or CSV file and name that"},
    [RICH_TEXT] = {.what = "a rich text document (RTF)",
                   .mend = "save it as plain text or CSV and name that"},
    [WORD] = {.what = "a Word document", .mend = "save it as plain text or CSV and name that"},
    [EXCEL] = {.what = "an Excel workbook", .mend = SHEETS},
    [SLIDES] = {.what = "a PowerPoint presentation",
                .mend = "save its text as plain text or CSV and name that"},
    [OPEN_DOCUMENT] = {.what = "an office document (OpenDocument)",
                       .mend = "save it as plain text or CSV and name that"},
    [BOOK] = {.what = "an electronic book", .mend = "save it as plain text and name that"},
    [OLD_OFFICE] = {.what =
                        "an office document or a message of an older kind (.doc, .xls, .ppt, .msg)",
                    .mend = "save it as plain text or CSV and name that"},
    [PICTURE] = {.what = "a picture", .mend = "take it out; what it shows is not read"},
    [SOUND] = {.what = "a sound or a film", .mend = "take it out, or write down what is said"},
    [SEVEN_ZIP] = {.what = "a 7z archive", .mend = UNPACK},
    [RAR] = {.what = "a RAR archive", .mend = UNPACK},
    [OTHER_COMPRESSION] = {.what = "compressed in a way that is not read",
                           .mend = "unpack it, or pack it with gzip or zstd"},
    [POSTSCRIPT] = {.what = "a PostScript document",
                    .mend = "save its text as a .txt or CSV file and name that"},
    [NUMBERS] = {.what = "a binary table",
                 .mend = "write it out as CSV, JSON lines or Parquet and name that"},
    [PROGRAM] = {.what = "a program", .mend = "take it out, and name the conversations"},
    [OWN_REPORT] = {.what = "a report of linkback itself",
                    .mend = "name the corpus; `linkback report` and `linkback diff` read reports",
                    .wordless = true},
    [APPLE_DOUBLE] = {.what = "what macOS notes beside a file (AppleDouble)",
                      .mend = "name the file beside it",
                      .wordless = true},
    [FINDER] = {.what = "what macOS notes of a folder (.DS_Store)",
                .mend = "name the files beside it",
                .wordless = true},
};

static const struct {
    unsigned char kind, at, size;
    const char *bytes;
} marks[] = {
    {PDF, 0, 5, "%PDF-"},
    {RICH_TEXT, 0, 5, "{\\rtf"},
    {OLD_OFFICE, 0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"},
    {PICTURE, 0, 8, "\x89PNG\r\n\x1A\n"},
    {PICTURE, 0, 3, "\xFF\xD8\xFF"},
    {PICTURE, 0, 4, "GIF8"},
    {PICTURE, 8, 4, "WEBP"},
    {PICTURE, 0, 4, "II*\0"},
    {PICTURE, 0, 4, "MM\0*"},
    {PICTURE, 4, 8, "ftypheic"},
    {PICTURE, 4, 8, "ftypavif"},
    {SOUND, 4, 4, "ftyp"},
    {SOUND, 0, 4, "OggS"},
    {SOUND, 0, 4, "fLaC"},
    {SOUND, 0, 3, "ID3"},
    {SOUND, 8, 4, "WAVE"},
    {SOUND, 8, 4, "AVI "},
    {SOUND, 0, 4, "\x1A\x45\xDF\xA3"},
    {SEVEN_ZIP, 0, 6, "7z\xBC\xAF\x27\x1C"},
    {RAR, 0, 6, "Rar!\x1A\x07"},
    {OTHER_COMPRESSION, 0, 4, "\x04\x22\x4D\x18"}, /* lz4 */
    {OTHER_COMPRESSION, 0, 4, "LZIP"},
    {OTHER_COMPRESSION, 0, 2, "\x1F\x9D"}, /* compress */
    {POSTSCRIPT, 0, 4, "%!PS"},
    {NUMBERS, 0, 6, "\x93NUMPY"},
    {NUMBERS, 0, 4, "\x89HDF"},
    {NUMBERS, 0, 6, "ARROW1"},
    {NUMBERS, 0, 4, "Obj\x01"}, /* Avro */
    {PROGRAM, 0, 4,
     "\x7F"
     "ELF"},
    {APPLE_DOUBLE, 0, 4, "\0\x05\x16\x07"},
    {FINDER, 0, 8,
     "\0\0\0\x01"
     "Bud1"},
    {OWN_REPORT, 68, 4, "lbrp"}, /* the application's id in the header of SQLite */
};

static lb_str from(lb_str text, size_t at) {
    at = at < text.size ? at : text.size;
    return (lb_str){text.data + at, text.size - at};
}

static lb_str without_blanks(lb_str text) {
    size_t at = 0;
    while (at < text.size && lb_is_blank(text.data[at]))
        at++;
    return from(text, at);
}

static bool begins(lb_str text, const char *with) {
    size_t size = strlen(with);
    return text.size >= size && strncasecmp(text.data, with, size) == 0;
}

static size_t find(lb_str text, const char *what) {
    size_t size = strlen(what), at = 0;
    while (at + size <= text.size && memcmp(text.data + at, what, size) != 0)
        at++;
    return at + size <= text.size ? at : SIZE_MAX;
}

static bool ends(const char *name, const char *with) {
    size_t size = strlen(name), n = strlen(with);
    return size >= n && strcasecmp(name + size - n, with) == 0;
}

/* Behind declarations and comments. */
static lb_str first_element(lb_str text) {
    for (;;) {
        text = without_blanks(text);
        const char *end = begins(text, "<!--") ? "-->" : begins(text, "<?") ? "?>" : NULL;
        if (!end)
            return text;
        size_t at = find(text, end);
        text = at == SIZE_MAX ? from(text, text.size) : from(text, at + strlen(end));
    }
}

/* Elements that begin a page, or a piece of one, and that no format has for a message. */
static bool is_web_page(const char *name, lb_str head) {
    static const char *const elements[] = {"!doctype html", "html",   "head",  "div",    "span",
                                           "meta",          "script", "style", "center", "font",
                                           "img",           "h1",     "h2",    "h3",     NULL};
    static const char *const endings[] = {".html", ".htm", ".xhtml", ".shtml", NULL};
    lb_str element = first_element(head);
    if (element.size == 0 || element.data[0] != '<')
        return false;
    for (size_t i = 0; endings[i]; i++)
        if (ends(name, endings[i]))
            return true;
    element = from(element, 1);
    for (size_t i = 0; elements[i]; i++) {
        lb_str rest = from(element, strlen(elements[i]));
        if (begins(element, elements[i]) &&
            (rest.size == 0 || lb_is_blank(rest.data[0]) || rest.data[0] == '>'))
            return true;
    }
    return false;
}

/* Each report is known by what it says of itself, not by its name. */
static bool is_own_report(lb_str head) {
    static const char csv[] = "table,row,field,value";
    if (begins(head, "{")) {
        lb_str key = without_blanks(from(head, 1));
        if (begins(key, "\"schema\"")) {
            lb_str value = without_blanks(from(without_blanks(from(key, 8)), 1));
            return begins(value, "\"linkback.report/");
        }
        return begins(key, "\"$schema\"") && find(head, "sarif") != SIZE_MAX &&
               find(head, "\"name\": \"linkback\"") != SIZE_MAX;
    }
    if (begins(head, csv))
        return find(head, ",,schema,linkback.report/") < 2 * sizeof csv;
    if (begins(head, "<"))
        return find(head, "<report xmlns=\"urn:linkback:report:") != SIZE_MAX ||
               find(head, "<meta name=\"generator\" content=\"linkback\"") != SIZE_MAX ||
               (find(head, "<testsuite ") != SIZE_MAX &&
                find(head, " package=\"linkback\"") != SIZE_MAX);
    return begins(head, "## linkback: ") || begins(head, "a,b,probability,margin,words,signals");
}

static const lb_file_kind *by_ending(const char *name) {
    static const struct {
        const char *ending;
        unsigned kind;
    } endings[] = {{".docx", WORD},         {".docm", WORD},         {".xlsx", EXCEL},
                   {".xlsm", EXCEL},        {".pptx", SLIDES},       {".odt", OPEN_DOCUMENT},
                   {".ods", OPEN_DOCUMENT}, {".odp", OPEN_DOCUMENT}, {".epub", BOOK}};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends(name, endings[i].ending))
            return &kinds[endings[i].kind];
    return NULL;
}

const lb_file_kind *lb_file_kind_of(const char *name, lb_str head) {
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (head.size >= (size_t)marks[i].at + marks[i].size &&
            memcmp(head.data + marks[i].at, marks[i].bytes, marks[i].size) == 0)
            return &kinds[marks[i].kind];
    if (begins(head, "PK\3\4"))
        return by_ending(name);
    head = without_blanks(from(head, lb_utf8_mark(head)));
    if (is_own_report(head))
        return &kinds[OWN_REPORT];
    return is_web_page(name, head) ? &kinds[WEB_PAGE] : NULL;
}

const lb_file_kind *lb_file_kind_of_archive(const char *member) {
    static const struct {
        const char *member;
        unsigned kind;
    } members[] = {{"word/document.xml", WORD},
                   {"xl/workbook.xml", EXCEL},
                   {"xl/workbook.bin", EXCEL},
                   {"ppt/presentation.xml", SLIDES},
                   {"META-INF/manifest.xml", OPEN_DOCUMENT},
                   {"META-INF/container.xml", BOOK}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(member, members[i].member) == 0)
            return &kinds[members[i].kind];
    return NULL;
}

static bool is_one_of(const char *text, size_t size, const char *const *list) {
    for (; *list; list++)
        if (strlen(*list) == size && strncasecmp(text, *list, size) == 0)
            return true;
    return false;
}

static const char *const compressions[] = {"gz", "zst", "xz", "bz2", NULL};

/* The last ending, or that before a compression. */
static const char *ending_of(const char *name, size_t *size) {
    size_t end = strlen(name);
    const char *dot = strrchr(name, '.');
    if (!dot)
        return NULL;
    if (is_one_of(dot + 1, end - (size_t)(dot + 1 - name), compressions)) {
        end = (size_t)(dot - name);
        for (dot--; dot >= name && *dot != '.'; dot--)
            ;
        if (dot < name)
            return NULL;
    }
    *size = end - (size_t)(dot + 1 - name);
    return dot + 1;
}

bool lb_file_is_tar(const char *name) {
    static const char *const endings[] = {"tar", "tgz", "tbz2", "tbz", "txz", "tzst", NULL};
    size_t size;
    const char *ending = ending_of(name, &size);
    return ending && is_one_of(ending, size, endings);
}

bool lb_file_is_read(const char *name, bool stored) {
    static const char *const containers[] = {"jsonl", "ndjson", "json", "csv", "tsv",
                                             "tab",   "xml",    "txt",  "log", NULL};
    static const char *const seekable[] = {"db", "sqlite", "sqlite3", "parquet", NULL};
    size_t size;
    const char *ending = ending_of(name, &size);
    return ending && (is_one_of(ending, size, containers) ||
                      (stored && ending[size] == '\0' && is_one_of(ending, size, seekable)));
}

const char *lb_file_compression(lb_str head) {
    static const struct {
        const char *name, *mark;
        size_t size;
    } known[] = {
        {"gzip", "\x1f\x8b", 2}, {"zstd", "\x28\xb5\x2f\xfd", 4}, {"xz", "\xfd\x37zXZ\0", 6}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (head.size >= known[i].size && memcmp(head.data, known[i].mark, known[i].size) == 0)
            return known[i].name;
    bool bzip2 = head.size >= 4 && memcmp(head.data, "BZh", 3) == 0 && head.data[3] >= '1' &&
                 head.data[3] <= '9';
    return bzip2 ? "bzip2" : NULL;
}
