#include "corpus/input/archive.h"

#include <archive.h>
#include <errno.h>
#include <string.h>

#include "corpus/input/zip_strays.h"

enum { PIECE = 1 << 16, LARGEST_HELD = 256 << 20 };

struct lb_archive {
    struct archive *archive;
    const char *path;
    lb_archive *outer; /* NULL: it is a file */
    lb_buffer held;    /* a zip archive within another, whole */
    char *piece;       /* [PIECE], of what is within another and comes as a stream */
    lb_error failure;  /* of the outer one, within libarchive */
    lb_buffer head;    /* of the member, read ahead */
    size_t head_used;
    size_t passed;
};

bool lb_archive_is_zip(lb_str head) {
    return head.size >= 4 &&
           (memcmp(head.data, "PK\3\4", 4) == 0 || memcmp(head.data, "PK\5\6", 4) == 0);
}

bool lb_archive_is_tar(lb_str head) {
    return head.size >= 262 && memcmp(head.data + 257, "ustar", 5) == 0;
}

static int fail(const lb_archive *archive, lb_error *error) {
    if (archive->failure.code && error) {
        *error = archive->failure;
        return error->code;
    }
    const char *why = archive_error_string(archive->archive);
    return lb_fail(error, LB_E_INPUT, archive->path, "check that the download is complete",
                   "the archive cannot be read: %s", why ? why : "unknown error");
}

/* Of tar archives joined into one file all are read, and not the first alone. */
static int set_filters(struct archive *archive) {
    return archive_read_support_filter_gzip(archive) == ARCHIVE_OK &&
                   archive_read_support_filter_zstd(archive) == ARCHIVE_OK &&
                   archive_read_support_filter_xz(archive) == ARCHIVE_OK &&
                   archive_read_support_filter_bzip2(archive) == ARCHIVE_OK &&
                   archive_read_support_format_tar(archive) == ARCHIVE_OK &&
                   archive_read_set_format_option(archive, "tar", "read_concatenated_archives",
                                                  "1") == ARCHIVE_OK
               ? ARCHIVE_OK
               : ARCHIVE_FATAL;
}

static int new_archive(lb_archive **out, const char *path, lb_error *error) {
    lb_archive *archive = lb_alloc_zero(1, sizeof *archive);
    *out = archive;
    if (!archive || !(archive->archive = archive_read_new())) {
        lb_archive_free(archive);
        *out = NULL;
        return lb_fail_memory(error, "opening an archive");
    }
    archive->path = path;
    if (set_filters(archive->archive) != ARCHIVE_OK ||
        archive_read_support_format_zip(archive->archive) != ARCHIVE_OK)
        return fail(archive, error);
    return LB_OK;
}

void lb_archive_free(lb_archive *archive) {
    if (!archive)
        return;
    if (archive->archive)
        archive_read_free(archive->archive);
    lb_buffer_free(&archive->held);
    lb_buffer_free(&archive->head);
    lb_free(archive->piece);
    lb_free(archive);
}

static int hand_over(lb_archive **out, lb_archive *archive, int status) {
    *out = status == LB_OK ? archive : NULL;
    if (status != LB_OK)
        lb_archive_free(archive);
    return status;
}

int lb_archive_open(lb_archive **out, const char *file, lb_error *error) {
    lb_archive *archive;
    int status = new_archive(&archive, file, error);
    if (status == LB_OK && archive_read_open_filename(archive->archive, file, PIECE) != ARCHIVE_OK)
        status = fail(archive, error);
    return hand_over(out, archive, status);
}

/* 1: it is larger than may be held. */
static int hold(lb_archive *archive, lb_error *error) {
    lb_buffer *held = &archive->held;
    for (size_t got = 1; got > 0; held->size += got) {
        if (held->size > LARGEST_HELD)
            return 1;
        int status = lb_buffer_reserve(held, PIECE, error);
        if (status == LB_OK)
            status = lb_archive_read(archive->outer, held->data + held->size, PIECE, &got, error);
        if (status < 0)
            return status;
    }
    return archive_read_open_memory(archive->archive, held->data, held->size) == ARCHIVE_OK
               ? LB_OK
               : fail(archive, error);
}

static la_ssize_t give_piece(struct archive *from, void *context, const void **data) {
    lb_archive *archive = context;
    size_t got;
    if (lb_archive_read(archive->outer, archive->piece, PIECE, &got, &archive->failure) < 0) {
        archive_set_error(from, EIO, "%s", archive->failure.what);
        return -1;
    }
    *data = archive->piece;
    return (la_ssize_t)got;
}

static int stream(lb_archive *archive, lb_error *error) {
    archive->piece = lb_alloc(PIECE, 1);
    if (!archive->piece)
        return lb_fail_memory(error, "opening an archive");
    return archive_read_open(archive->archive, archive, NULL, give_piece, NULL) == ARCHIVE_OK
               ? LB_OK
               : fail(archive, error);
}

int lb_archive_enter(lb_archive **out, lb_archive *outer, const char *path, lb_error *error) {
    lb_str head = {0};
    lb_archive *archive = NULL;
    int status = lb_archive_peek(outer, 4, &head, error);
    if (status == LB_OK)
        status = new_archive(&archive, path, error);
    if (status == LB_OK) {
        archive->outer = outer;
        status = lb_archive_is_zip(head) ? hold(archive, error) : stream(archive, error);
    }
    return hand_over(out, archive, status);
}

int lb_archive_next(lb_archive *archive, struct archive_entry **entry, lb_error *error) {
    int code = archive_read_next_header(archive->archive, entry);
    archive->head.size = archive->head_used = 0;
    if (code == ARCHIVE_EOF)
        return 0;
    if (code < ARCHIVE_WARN)
        return fail(archive, error);
    archive->passed++;
    return 1;
}

size_t lb_archive_passed(const lb_archive *archive) {
    return archive->passed;
}

uint64_t lb_archive_unpacked(const lb_archive *archive) {
    la_int64_t size = archive_filter_bytes(archive->archive, 0);
    return size > 0 ? (uint64_t)size : 0;
}

const char *lb_archive_kind(const lb_archive *archive) {
    int base = archive_format(archive->archive) & ARCHIVE_FORMAT_BASE_MASK;
    return base == ARCHIVE_FORMAT_ZIP ? "zip" : "tar";
}

int lb_archive_strays(const lb_archive *archive, uint64_t *bytes, lb_error *error) {
    *bytes = 0;
    if (strcmp(lb_archive_kind(archive), "zip") != 0)
        return LB_OK;
    return lb_zip_strays(bytes, archive->outer ? NULL : archive->path,
                         lb_buffer_str(&archive->held), error);
}

int lb_archive_read(lb_archive *archive, char *into, size_t size, size_t *got, lb_error *error) {
    size_t left = archive->head.size - archive->head_used;
    *got = left < size ? left : size;
    if (left > 0) {
        memcpy(into, archive->head.data + archive->head_used, *got);
        archive->head_used += *got;
        return LB_OK;
    }
    la_ssize_t n = archive_read_data(archive->archive, into, size);
    *got = n > 0 ? (size_t)n : 0;
    return n < 0 ? fail(archive, error) : LB_OK;
}

int lb_archive_peek(lb_archive *archive, size_t size, lb_str *head, lb_error *error) {
    lb_buffer *buffer = &archive->head;
    int status = lb_buffer_reserve(buffer, size, error);
    while (status == LB_OK && buffer->size - archive->head_used < size) {
        la_ssize_t n = archive_read_data(archive->archive, buffer->data + buffer->size,
                                         size - (buffer->size - archive->head_used));
        if (n < 0)
            return fail(archive, error);
        if (n == 0)
            break;
        buffer->size += (size_t)n;
    }
    *head = (lb_str){buffer->data + archive->head_used, buffer->size - archive->head_used};
    return status;
}

bool lb_archive_is_packed_tar(const char *file) {
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    bool found = archive && set_filters(archive) == ARCHIVE_OK &&
                 archive_read_open_filename(archive, file, PIECE) == ARCHIVE_OK &&
                 archive_read_next_header(archive, &entry) >= ARCHIVE_WARN;
    if (archive)
        archive_read_free(archive);
    return found;
}
