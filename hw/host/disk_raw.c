/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file or block device that is the disk, byte by byte. */
#include "hw/host/disk_store.h"

#include "hw/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct raw {
    struct disk_store store;
    int fd;
    uint64_t bytes; /* of the file; the store's last sector may go beyond */
    bool probed;    /* nobody has said that it is raw */
    int lost;       /* the errno of a flush that failed: what it was to save is gone */
};

/* What a file's last bytes lack to a sector is zeros; that it ends earlier is somebody's doing. */
static int raw_read(struct disk_store *s, void *to, uint64_t offset, size_t size)
{
    const struct raw *r = (struct raw *)s;
    size_t done;
    int error = disk_file_read(r->fd, to, offset, size, &done);
    if (!error && done < size && offset + done < r->bytes)
        error = EIO;
    if (!error)
        memset((uint8_t *)to + done, 0, size - done);
    return error;
}

/*
 * A guest that makes its raw disk look like another format would choose what files are read the
 * next time: formats have names of files in them.
 */
static bool would_change_format(struct disk_store *s, const uint8_t *from, uint64_t offset,
                                size_t size)
{
    uint8_t head[DISK_PROBE_SIZE];
    const struct raw *r = (struct raw *)s;
    if (!r->probed || offset >= sizeof head || s->size < sizeof head ||
        raw_read(s, head, 0, sizeof head) != 0)
        return false;
    size_t n = size < sizeof head - offset ? size : sizeof head - offset;
    memcpy(head + offset, from, n);
    return strcmp(disk_probe(head, sizeof head), "raw") != 0;
}

static int raw_write(struct disk_store *s, const void *from, uint64_t offset, size_t size)
{
    const struct raw *r = (struct raw *)s;
    if (would_change_format(s, from, offset, size)) {
        disk_note(s->name, "the guest may not make an image in another format of it "
                           "(-drive format=raw allows it)");
        return EPERM;
    }
    return disk_file_write(r->fd, from, offset, size);
}

/* The host tells of a failure once, and forgets what could not be written. */
static int raw_flush(struct disk_store *s)
{
    struct raw *r = (struct raw *)s;
    if (!r->lost && !s->read_only && fdatasync(r->fd) != 0)
        r->lost = errno;
    return r->lost;
}

static void raw_close(struct disk_store *s)
{
    close(((struct raw *)s)->fd);
}

/* When it was last written to; nobody tells that of a device. */
static uint64_t raw_stamp(struct disk_store *s)
{
    struct stat file;
    if (fstat(((struct raw *)s)->fd, &file) != 0 || !S_ISREG(file.st_mode))
        return 0;
    return (uint64_t)file.st_mtim.tv_sec * UINT64_C(1000000000) + (uint64_t)file.st_mtim.tv_nsec;
}

static const struct disk_store_kind raw_kind = {raw_read, raw_write, raw_flush, raw_close,
                                                raw_stamp};

/* Of a block device, too. */
static bool find_size(struct raw *r, const struct drive *drive, struct error *error)
{
    const uint64_t most = (uint64_t)1 << 57; /* what 48-bit numbers of sectors reach */
    off_t end = lseek(r->fd, 0, SEEK_END);
    if (end < 0)
        return error_set(error, "%s: %s", drive->file, strerror(errno));
    if (end == 0)
        return error_set(error, "%s: is empty", drive->file);
    if ((uint64_t)end > most)
        return error_set(error, "%s: has more than the 128 PiB of the largest disk", drive->file);
    unsigned sector = disk_sector_size(drive);
    r->bytes = (uint64_t)end;
    r->store.size = (r->bytes + sector - 1) / sector * sector;
    if (r->bytes % 512)
        disk_note(drive->file,
                  "%" PRIu64 " bytes are no whole number of sectors: the last is "
                  "filled up with zeros",
                  r->bytes);
    return true;
}

struct disk_store *disk_raw_open(const struct drive *drive, int fd, bool read_only,
                                 struct error *error)
{
    struct raw *r = disk_store_allocate(sizeof *r, &raw_kind, drive->file, error);
    if (!r) {
        close(fd);
        return NULL;
    }
    r->fd = fd;
    r->probed = !drive->format;
    r->store.read_only = read_only;
    if (find_size(r, drive, error))
        return &r->store;
    disk_store_close(&r->store);
    return NULL;
}
