#include "corpus/input/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "corpus/input/rows.h"

enum { RAW_BUFFER = 256 * 1024, MAGIC = 6 };

struct lb_input {
    const lb_place *place;
    const char *compression;
    int file;                /* -1: reads a member of an archive */
    struct archive *archive; /* NULL: stored as it is */
    lb_rows *rows;           /* of a database; NULL: it is none */
    lb_buffer row_text;
    size_t row_text_used;
    size_t entries;    /* of the archive whose headers were read */
    char *raw;         /* [RAW_BUFFER], when decompressing */
    char magic[MAGIC]; /* the first bytes, read ahead */
    size_t magic_size, magic_used;
    struct sha256_ctx hash;
    uint64_t stored;
    int errnum; /* of a read within libarchive */
    bool ended;
};

static ssize_t read_file(lb_input *input, char *into, size_t size) {
    if (input->magic_used < input->magic_size) {
        size_t n = input->magic_size - input->magic_used;
        n = n < size ? n : size;
        memcpy(into, input->magic + input->magic_used, n);
        input->magic_used += n;
        return (ssize_t)n;
    }
    ssize_t n;
    do
        n = read(input->file, into, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        input->errnum = errno;
    return n;
}

static ssize_t read_and_hash(lb_input *input, char *into, size_t size) {
    ssize_t n = read_file(input, into, size);
    if (n > 0) {
        sha256_update(&input->hash, (size_t)n, (const unsigned char *)into);
        input->stored += (uint64_t)n;
    }
    return n;
}

static la_ssize_t give_raw(struct archive *archive, void *context, const void **data) {
    lb_input *input = context;
    ssize_t n = read_and_hash(input, input->raw, RAW_BUFFER);
    if (n < 0)
        archive_set_error(archive, input->errnum, "%s", strerror(input->errnum));
    *data = input->raw;
    return n;
}

static int fail_stream(const lb_input *input, lb_error *error) {
    if (input->errnum)
        return lb_fail_errno(error, LB_E_INPUT, input->place->path, "cannot read the input",
                             input->errnum);
    const char *why = input->archive ? archive_error_string(input->archive) : NULL;
    return lb_fail(error, LB_E_INPUT, input->place->path, "check that the download is complete",
                   "the %s stream is damaged or cut short: %s", input->compression,
                   why ? why : "unknown error");
}

static const char *recognise(const char *magic, size_t size) {
    if (size >= 2 && memcmp(magic, "\x1f\x8b", 2) == 0)
        return "gzip";
    if (size >= 4 && memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0)
        return "zstd";
    if (size >= 6 && memcmp(magic,
                            "\xfd"
                            "7zXZ\0",
                            6) == 0)
        return "xz";
    if (size >= 4 && memcmp(magic, "BZh", 3) == 0 && magic[3] >= '1' && magic[3] <= '9')
        return "bzip2";
    if (size >= 4 && memcmp(magic, "PK\3\4", 4) == 0)
        return "zip";
    if (size >= 6 && memcmp(magic, "SQLite", 6) == 0)
        return "sqlite";
    if (size >= 4 && memcmp(magic, "PAR1", 4) == 0)
        return "parquet";
    return "none";
}

static int begin_filter(lb_input *input, lb_error *error) {
    struct archive *archive = archive_read_new();
    input->raw = lb_alloc(RAW_BUFFER, 1);
    input->archive = archive;
    if (!archive || !input->raw)
        return lb_fail_memory(error, "opening an input");
    int code = ARCHIVE_OK;
    if (strcmp(input->compression, "gzip") == 0)
        code = archive_read_support_filter_gzip(archive);
    else if (strcmp(input->compression, "zstd") == 0)
        code = archive_read_support_filter_zstd(archive);
    else if (strcmp(input->compression, "xz") == 0)
        code = archive_read_support_filter_xz(archive);
    else
        code = archive_read_support_filter_bzip2(archive);
    struct archive_entry *entry;
    if (code != ARCHIVE_OK || archive_read_support_format_raw(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        archive_read_open(archive, input, NULL, give_raw, NULL) != ARCHIVE_OK)
        return fail_stream(input, error);
    code = archive_read_next_header(archive, &entry);
    if (code < ARCHIVE_WARN)
        return fail_stream(input, error);
    input->ended = code == ARCHIVE_EOF;
    return LB_OK;
}

static int open_database(lb_input *input, lb_error *error) {
    bool sqlite = strcmp(input->compression, "sqlite") == 0;
    input->compression = "none";
    if (input->place->once)
        return lb_fail(error, LB_E_INPUT, input->place->path, "store it in a file and name that",
                       "a database cannot be read from a pipe");
    return sqlite ? lb_rows_open_sqlite(&input->rows, input->place, error)
                  : lb_rows_open_duckdb(&input->rows, input->place, error);
}

static int open_file(lb_input *input, lb_error *error) {
    const char *path = input->place->file;
    if (lb_place_is_query(path))
        return lb_rows_open_duckdb(&input->rows, input->place, error);
    input->file = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                         : open(path, O_RDONLY | O_CLOEXEC);
    if (input->file < 0)
        return lb_fail_errno(error, LB_E_INPUT, path, "cannot open the input", errno);
    while (input->magic_size < MAGIC) {
        ssize_t n = read(input->file, input->magic + input->magic_size, MAGIC - input->magic_size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return lb_fail_errno(error, LB_E_INPUT, path, "cannot read the input", errno);
        if (n == 0)
            break;
        input->magic_size += (size_t)n;
    }
    input->compression = recognise(input->magic, input->magic_size);
    if (strcmp(input->compression, "zip") == 0)
        return lb_fail(error, LB_E_INPUT, path, "store it in a file and name that",
                       "a zip archive cannot be read from a pipe");
    if (strcmp(input->compression, "sqlite") == 0 || strcmp(input->compression, "parquet") == 0)
        return open_database(input, error);
    return strcmp(input->compression, "none") == 0 ? LB_OK : begin_filter(input, error);
}

static int open_archive(lb_input *input, lb_error *error) {
    input->archive = archive_read_new();
    if (!input->archive)
        return lb_fail_memory(error, "opening an archive");
    if (archive_read_support_format_zip(input->archive) != ARCHIVE_OK ||
        archive_read_open_filename(input->archive, input->place->file, 1 << 16) != ARCHIVE_OK)
        return fail_stream(input, error);
    return LB_OK;
}

static int go_to_member(lb_input *input, lb_error *error) {
    struct archive_entry *entry;
    while (input->entries <= input->place->ordinal) {
        if (archive_read_next_header(input->archive, &entry) < ARCHIVE_WARN)
            return fail_stream(input, error);
        input->entries++;
    }
    if (archive_entry_is_data_encrypted(entry))
        return lb_fail(error, LB_E_INPUT, input->place->path, "unpack it and name the files",
                       "the member is encrypted");
    return LB_OK;
}

static bool can_go_on(const lb_input *input, const lb_place *place) {
    return input && input->file < 0 && input->archive && place->member &&
           strcmp(input->place->file, place->file) == 0 && input->entries <= place->ordinal;
}

int lb_input_open(lb_input **out, const lb_place *place, lb_input *reuse, lb_error *error) {
    *out = NULL;
    lb_input *input = reuse;
    if (!can_go_on(reuse, place)) {
        lb_input_free(reuse);
        input = lb_alloc_zero(1, sizeof *input);
        if (!input)
            return lb_fail_memory(error, "opening an input");
        input->file = -1;
    }
    input->place = place;
    input->compression = "none";
    input->stored = 0;
    input->ended = false;
    sha256_init(&input->hash);
    int status = LB_OK;
    if (place->member) {
        input->compression = "zip";
        if (!input->archive)
            status = open_archive(input, error);
        if (status == LB_OK)
            status = go_to_member(input, error);
    } else
        status = open_file(input, error);
    if (status < 0)
        lb_input_free(input);
    else
        *out = input;
    return status;
}

void lb_input_free(lb_input *input) {
    if (!input)
        return;
    if (input->archive)
        archive_read_free(input->archive);
    if (input->file >= 0)
        close(input->file);
    if (input->rows)
        input->rows->free(input->rows);
    lb_buffer_free(&input->row_text);
    lb_free(input->raw);
    lb_free(input);
}

/* Bytes that follow the compressed stream belong to what is stored: the hash covers them. */
static int read_rest(lb_input *input, lb_error *error) {
    ssize_t n;
    while ((n = read_and_hash(input, input->raw, RAW_BUFFER)) > 0)
        ;
    return n < 0 ? fail_stream(input, error) : LB_OK;
}

/* What is stored of a database is hashed once its rows are read. */
static int end_rows(lb_input *input, lb_error *error) {
    input->ended = true;
    if (input->file < 0)
        return LB_OK;
    input->raw = lb_alloc(RAW_BUFFER, 1);
    return input->raw ? read_rest(input, error) : lb_fail_memory(error, "reading a database");
}

static int read_rows(lb_input *input, char *into, size_t size, size_t *got, lb_error *error) {
    while (input->row_text_used == input->row_text.size) {
        input->row_text.size = input->row_text_used = 0;
        int status = input->rows->next(input->rows, &input->row_text, error);
        if (status < 0)
            return status;
        if (status == 0 && input->row_text.size == 0)
            return end_rows(input, error);
    }
    size_t left = input->row_text.size - input->row_text_used;
    *got = left < size ? left : size;
    memcpy(into, input->row_text.data + input->row_text_used, *got);
    input->row_text_used += *got;
    if (input->file < 0) {
        sha256_update(&input->hash, *got, (const unsigned char *)into);
        input->stored += *got;
    }
    return LB_OK;
}

int lb_input_read(lb_input *input, char *into, size_t size, size_t *got, lb_error *error) {
    *got = 0;
    if (input->ended || size == 0)
        return LB_OK;
    if (input->rows)
        return read_rows(input, into, size, got, error);
    ssize_t n = input->archive ? archive_read_data(input->archive, into, size)
                               : read_and_hash(input, into, size);
    if (n < 0)
        return fail_stream(input, error);
    if (n > 0 && input->file < 0) {
        sha256_update(&input->hash, (size_t)n, (const unsigned char *)into);
        input->stored += (uint64_t)n;
    }
    *got = (size_t)n;
    if (n > 0)
        return LB_OK;
    input->ended = true;
    return input->archive && input->file >= 0 ? read_rest(input, error) : LB_OK;
}

const char *lb_input_database(const lb_input *input) {
    return input->rows ? input->rows->kind : NULL;
}

const char *lb_input_table(const lb_input *input) {
    return input->rows ? input->rows->table : NULL;
}

const char *lb_input_compression(const lb_input *input) {
    return input->compression;
}

uint64_t lb_input_stored(const lb_input *input) {
    return input->stored;
}

void lb_input_sha256(const lb_input *input, char hex[65]) {
    struct sha256_ctx copy = input->hash;
    unsigned char digest[SHA256_DIGEST_SIZE];
    sha256_digest(&copy, sizeof digest, digest);
    base16_encode_update(hex, sizeof digest, digest);
    hex[2 * sizeof digest] = '\0';
}
