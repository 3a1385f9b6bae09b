/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks of NBD servers, by libnbd: of those that the user names, and of a qemu-nbd of our own. */
#include "hw/host/disk_store.h"

#include "hw/host/disk_server.h"
#include "hw/host/terminal.h"
#include "hw/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool disk_nbd_is_address(const char *file)
{
    return strncmp(file, "nbd:", 4) == 0 || strncmp(file, "nbds:", 5) == 0 ||
           strncmp(file, "nbd+unix:", 9) == 0 || strncmp(file, "nbds+unix:", 10) == 0;
}

#ifdef HAVE_LIBNBD

#include <libnbd.h>

struct nbd_store {
    struct disk_store store;
    struct nbd_handle *nbd;
    struct disk_server server; /* of our own, or none */
    bool told;                 /* the user, that the server is gone */
};

/* libnbd's texts begin with the name of the function. */
static const char *reason(void)
{
    const char *text = nbd_get_error();
    const char *colon = text ? strstr(text, ": ") : NULL;
    return colon ? colon + 2 : text ? text : "it does not work";
}

/* --- requests --- */

static int outcome(struct nbd_store *s, int status)
{
    if (status == 0)
        return 0;
    int error = nbd_get_errno() ? nbd_get_errno() : EIO;
    if (!s->told && (nbd_aio_is_dead(s->nbd) || nbd_aio_is_closed(s->nbd))) {
        s->told = true;
        disk_note(s->store.name, "its server is gone, and the disk with it: %s",
                  disk_server_words(&s->server, reason()));
    }
    return error;
}

static int nbd_store_read(struct disk_store *store, void *to, uint64_t offset, size_t size)
{
    struct nbd_store *s = (struct nbd_store *)store;
    return outcome(s, nbd_pread(s->nbd, to, size, offset, 0));
}

static int nbd_store_write(struct disk_store *store, const void *from, uint64_t offset, size_t size)
{
    struct nbd_store *s = (struct nbd_store *)store;
    return outcome(s, nbd_pwrite(s->nbd, from, size, offset, 0));
}

/* A server that knows no flush has no cache (NBD protocol, "Ordering of messages and writes"). */
static int nbd_store_flush(struct disk_store *store)
{
    struct nbd_store *s = (struct nbd_store *)store;
    return store->read_only || nbd_can_flush(s->nbd) == 0 ? 0 : outcome(s, nbd_flush(s->nbd, 0));
}

/* A server of our own ends, and closes its image, when it has nobody any more. */
static void nbd_store_close(struct disk_store *store)
{
    struct nbd_store *s = (struct nbd_store *)store;
    if (s->nbd && nbd_aio_is_ready(s->nbd)) {
        nbd_store_flush(store);
        nbd_shutdown(s->nbd, 0);
    }
    nbd_close(s->nbd);
    disk_server_await(&s->server);
}

static const struct disk_store_kind nbd_kind = {nbd_store_read, nbd_store_write, nbd_store_flush,
                                                nbd_store_close, NULL};

/* --- connections --- */

static bool refuse(struct nbd_store *s, struct error *error)
{
    return error_set(error, "%s: %s", s->store.name, disk_server_words(&s->server, reason()));
}

/* A server that does not answer is waited for until somebody asks for an end. */
static bool await(struct nbd_store *s, struct error *error)
{
    enum { LOOK_AGAIN_MS = 100 };
    while (nbd_aio_is_connecting(s->nbd) == 1 || nbd_aio_is_negotiating(s->nbd) == 1) {
        if (terminal_signal)
            return error_set(error, "%s: its server does not answer", s->store.name);
        if (nbd_poll(s->nbd, LOOK_AGAIN_MS) < 0)
            return refuse(s, error);
    }
    return nbd_aio_is_ready(s->nbd) == 1 || refuse(s, error);
}

/* What the server has; whole sectors of it are a disk. */
static bool ask(struct nbd_store *s, const struct drive *drive, bool read_only, struct error *error)
{
    int64_t size = nbd_get_size(s->nbd), block = nbd_get_block_size(s->nbd, LIBNBD_SIZE_MINIMUM);
    unsigned sector = disk_sector_size(drive);
    if (size < sector)
        return error_set(error, "%s: is empty", drive->file);
    if (block > 512)
        return error_set(error, "%s: its server wants blocks of %" PRIi64 " bytes, not of 512",
                         drive->file, block);
    s->store.size = (uint64_t)size / sector * sector;
    s->store.read_only = read_only || nbd_is_read_only(s->nbd) == 1;
    if (size % 512)
        disk_note(drive->file,
                  "%" PRIi64 " bytes are no whole number of sectors: the last are "
                  "left out",
                  size);
    if (s->store.read_only && !read_only)
        disk_note(drive->file, "can only be read: so its server says");
    return true;
}

static bool set_name(struct nbd_store *s, const char *name)
{
    return nbd_set_export_name(s->nbd, name) == 0;
}

/* "unix:PATH" or "HOST:PORT", with ":exportname=NAME". */
static int connect_as_qemu(struct nbd_store *s, char *address)
{
    char *name = strstr(address, ":exportname=");
    if (name) {
        *name = '\0';
        if (!set_name(s, strchr(name + 1, '=') + 1))
            return -1;
    }
    if (strncmp(address, "unix:", 5) == 0)
        return nbd_aio_connect_unix(s->nbd, address + 5);
    char *port = strrchr(address, ':');
    if (port)
        *port++ = '\0';
    return nbd_aio_connect_tcp(s->nbd, address, port ? port : "10809");
}

static int connect_to(struct nbd_store *s, const char *address)
{
    if (strncmp(address, "nbd:", 4) != 0 || strncmp(address, "nbd://", 6) == 0)
        return nbd_aio_connect_uri(s->nbd, address);
    char *copy = strdup(address + 4);
    int status = copy ? connect_as_qemu(s, copy) : -1;
    free(copy);
    return status;
}

static struct nbd_store *allocate(const struct drive *drive, struct error *error)
{
    struct nbd_store *s = disk_store_allocate(sizeof *s, &nbd_kind, drive->file, error);
    if (!s)
        return NULL;
    s->server = (struct disk_server)DISK_SERVER_NONE;
    s->nbd = nbd_create();
    if (s->nbd)
        return s;
    refuse(s, error);
    disk_store_close(&s->store);
    return NULL;
}

static struct disk_store *get_ready(struct nbd_store *s, const struct drive *drive, bool connected,
                                    bool read_only, struct error *error)
{
    if ((connected || refuse(s, error)) && await(s, error) && ask(s, drive, read_only, error))
        return &s->store;
    disk_store_close(&s->store);
    return NULL;
}

/* What libnbd would understand as something else, or say in its own terms. */
static bool names_a_server(const char *file)
{
    if (strncmp(file, "nbd:", 4) != 0 || strncmp(file, "nbd://", 6) == 0)
        return true;
    const char *address = file + 4;
    if (strncmp(address, "unix:", 5) == 0)
        return address[5] && address[5] != ':';
    const char *name = strstr(address, ":exportname=");
    size_t length = name ? (size_t)(name - address) : strlen(address);
    const char *port = memrchr(address, ':', length);
    if (!length || port == address)
        return false;
    char *end;
    unsigned long number = port ? strtoul(port + 1, &end, 10) : 1;
    return !port || end != address + length || (number && number <= UINT16_MAX);
}

struct disk_store *disk_nbd_open(const struct drive *drive, bool read_only, struct error *error)
{
    if (!names_a_server(drive->file)) {
        error_set(error, "%s: not nbd:unix:PATH, nbd:HOST:PORT or nbd://HOST/EXPORT", drive->file);
        return NULL;
    }
    struct nbd_store *s = allocate(drive, error);
    if (s && drive->format && strcmp(drive->format, "raw") != 0) {
        error_set(error, "%s: format=%s: what a server gives is raw", drive->file, drive->format);
        disk_store_close(&s->store);
        return NULL;
    }
    return s ? get_ready(s, drive, connect_to(s, drive->file) == 0, read_only, error) : NULL;
}

struct disk_store *disk_server_open(const struct drive *drive, const char *format, bool read_only,
                                    struct error *error)
{
    struct nbd_store *s = allocate(drive, error);
    if (!s)
        return NULL;
    int fd = disk_server_start(&s->server, drive->file, format, read_only, error);
    if (fd < 0) {
        disk_store_close(&s->store);
        return NULL;
    }
    return get_ready(s, drive, nbd_aio_connect_socket(s->nbd, fd) == 0, read_only, error);
}

#else

struct disk_store *disk_nbd_open(const struct drive *drive, bool read_only, struct error *error)
{
    (void)read_only;
    error_set(error, "%s: Tessera was built without libnbd (package libnbd-dev)", drive->file);
    return NULL;
}

struct disk_store *disk_server_open(const struct drive *drive, const char *format, bool read_only,
                                    struct error *error)
{
    (void)read_only;
    error_set(error, "%s: is of format %s; Tessera was built without libnbd (package libnbd-dev)",
              drive->file, format);
    return NULL;
}

#endif
