#include "corpus/input/input.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "corpus/input/file_kind.h"
#include "corpus/input/member.h"
#include "corpus/input/rows.h"

enum { RAW_BUFFER = 256 * 1024, MAGIC = 6 };

struct lb_input {
    const lb_place *place;
    const char *compression;
    int file;               /* -1: reads a member of an archive */
    lb_member *member;      /* NULL: reads a file */
    struct archive *filter; /* NULL: stored as it is */
    lb_rows *rows;          /* of a database; NULL: it is none */
    lb_buffer row_text;
    size_t row_text_used;
    char *raw;         /* [RAW_BUFFER], when decompressing */
    char magic[MAGIC]; /* the first bytes, read ahead */
    size_t magic_size, magic_used;
    struct sha256_ctx hash;
    uint64_t stored;
    uint64_t filled;  /* of them, up to the last that is not zero */
    int errnum;       /* of a read within libarchive */
    lb_error failure; /* likewise, of the archive */
    bool ended;
};

static ssize_t read_more(lb_input *input, char *into, size_t size) {
    if (input->member) {
        size_t got;
        lb_archive *archive = lb_member_archive(input->member);
        int status = lb_archive_read(archive, into, size, &got, &input->failure);
        return status < 0 ? -1 : (ssize_t)got;
    }
    ssize_t n;
    do
        n = read(input->file, into, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        input->errnum = errno;
    return n;
}

static ssize_t read_stored(lb_input *input, char *into, size_t size) {
    if (input->magic_used < input->magic_size) {
        size_t n = input->magic_size - input->magic_used;
        n = n < size ? n : size;
        memcpy(into, input->magic + input->magic_used, n);
        input->magic_used += n;
        return (ssize_t)n;
    }
    return read_more(input, into, size);
}

static ssize_t read_and_hash(lb_input *input, char *into, size_t size) {
    ssize_t n = read_stored(input, into, size);
    if (n > 0) {
        sha256_update(&input->hash, (size_t)n, (const unsigned char *)into);
        size_t filled = (size_t)n;
        while (filled > 0 && into[filled - 1] == '\0')
            filled--;
        input->filled = filled > 0 ? input->stored + filled : input->filled;
        input->stored += (uint64_t)n;
    }
    return n;
}

static la_ssize_t give_raw(struct archive *archive, void *context, const void **data) {
    lb_input *input = context;
    ssize_t n = read_and_hash(input, input->raw, RAW_BUFFER);
    if (n < 0)
        archive_set_error(archive, input->errnum, "reading failed");
    *data = input->raw;
    return n;
}

static int fail_stream(const lb_input *input, lb_error *error) {
    if (input->errnum)
        return lb_fail_errno(error, LB_E_INPUT, input->place->path, "cannot read the input",
                             input->errnum);
    if (input->failure.code) {
        if (error)
            *error = input->failure;
        return input->failure.code;
    }
    const char *why = input->filter ? archive_error_string(input->filter) : NULL;
    return lb_fail(error, LB_E_INPUT, input->place->path, "check that the download is complete",
                   "the %s stream is damaged or cut short: %s", input->compression,
                   why ? why : "unknown error");
}

static const char *recognise(const char *magic, size_t size) {
    const char *compression = lb_file_compression((lb_str){magic, size});
    if (compression)
        return compression;
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
    input->filter = archive;
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

static int read_magic(lb_input *input, lb_error *error) {
    while (input->magic_size < MAGIC) {
        ssize_t n = read_more(input, input->magic + input->magic_size, MAGIC - input->magic_size);
        if (n < 0)
            return fail_stream(input, error);
        if (n == 0)
            break;
        input->magic_size += (size_t)n;
    }
    return LB_OK;
}

static int open_file(lb_input *input, lb_error *error) {
    const char *path = input->place->file;
    if (lb_place_is_query(path))
        return lb_rows_open_duckdb(&input->rows, input->place, error);
    input->file = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                         : open(path, O_RDONLY | O_CLOEXEC);
    if (input->file < 0)
        return lb_fail_errno(error, LB_E_INPUT, path, "cannot open the input", errno);
    int status = read_magic(input, error);
    if (status < 0)
        return status;
    input->compression = recognise(input->magic, input->magic_size);
    if (strcmp(input->compression, "zip") == 0)
        return lb_fail(error, LB_E_INPUT, path, "store it in a file and name that",
                       "a zip archive cannot be read from a pipe");
    if (strcmp(input->compression, "sqlite") == 0 || strcmp(input->compression, "parquet") == 0)
        return open_database(input, error);
    return lb_file_compression((lb_str){input->magic, input->magic_size})
               ? begin_filter(input, error)
               : LB_OK;
}

/* A member is compressed by the archive; it may be a compressed file as well. */
static int open_member(lb_input *input, lb_member *reuse, lb_error *error) {
    int status = lb_member_open(&input->member, input->place, reuse, error);
    if (status == LB_OK)
        status = read_magic(input, error);
    if (status < 0)
        return status;
    input->compression = recognise(input->magic, input->magic_size);
    bool filtered = lb_file_compression((lb_str){input->magic, input->magic_size});
    status = filtered ? begin_filter(input, error) : LB_OK;
    input->compression = lb_archive_kind(lb_member_archive(input->member));
    return status;
}

int lb_input_open(lb_input **out, const lb_place *place, lb_input *reuse, lb_error *error) {
    *out = NULL;
    lb_member *way = reuse ? reuse->member : NULL;
    if (reuse)
        reuse->member = NULL;
    lb_input_free(reuse);
    lb_input *input = lb_alloc_zero(1, sizeof *input);
    if (!input || !place->member) {
        lb_member_free(way);
        way = NULL;
    }
    if (!input)
        return lb_fail_memory(error, "opening an input");
    input->file = -1;
    input->place = place;
    input->compression = "none";
    sha256_init(&input->hash);
    int status = place->member ? open_member(input, way, error) : open_file(input, error);
    if (status < 0)
        lb_input_free(input);
    else
        *out = input;
    return status;
}

void lb_input_free(lb_input *input) {
    if (!input)
        return;
    if (input->filter)
        archive_read_free(input->filter);
    lb_member_free(input->member);
    if (input->file >= 0)
        close(input->file);
    if (input->rows)
        input->rows->free(input->rows);
    lb_buffer_free(&input->row_text);
    lb_free(input->raw);
    lb_free(input);
}

/* The hash covers what is stored to its last byte. */
static int read_rest(lb_input *input, lb_error *error) {
    ssize_t n;
    while ((n = read_and_hash(input, input->raw, RAW_BUFFER)) > 0)
        ;
    return n < 0 ? fail_stream(input, error) : LB_OK;
}

/* Bytes behind a compressed stream would be published and unpack to nothing: only zeros, with which
 * tapes and block devices fill up, are none. */
static int end_filter(lb_input *input, lb_error *error) {
    uint64_t used = (uint64_t)archive_filter_bytes(input->filter, -1);
    int status = read_rest(input, error);
    if (status < 0 || input->filled <= used)
        return status;
    return lb_fail(error, LB_E_INPUT, input->place->path,
                   "cut them off, or unpack what they hold into a file of its own",
                   "%llu bytes behind the %s stream are not part of it",
                   (unsigned long long)(input->filled - used), input->compression);
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
    ssize_t n = input->filter ? archive_read_data(input->filter, into, size)
                              : read_and_hash(input, into, size);
    if (n < 0)
        return fail_stream(input, error);
    *got = (size_t)n;
    if (n > 0)
        return LB_OK;
    input->ended = true;
    return input->filter ? end_filter(input, error) : LB_OK;
}

const char *lb_input_database(const lb_input *input) {
    return input->rows ? input->rows->kind : NULL;
}

const char *lb_input_table(const lb_input *input) {
    return input->rows ? input->rows->table : NULL;
}

int lb_input_other_tables(lb_input *input, lb_other_table **tables, size_t *count, lb_arena *arena,
                          lb_error *error) {
    *count = 0;
    return input->rows && input->rows->list_others
               ? input->rows->list_others(input->rows, tables, count, arena, error)
               : LB_OK;
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
