/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that claim to be kernels, RAM disks and BIOSes. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "exec/memory.h"
#include "hw/pc/loader.h"

static int file_of(const uint8_t *bytes, size_t size, char path[32])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    snprintf(path, 32, "/proc/self/fd/%d", fd);
    return fd;
}

/* One that is as good as any to the loader. */
static const char *empty_bios(void)
{
    static const uint8_t zeros[64 * 1024];
    static char path[32];

    if (!*path)
        file_of(zeros, sizeof zeros, path);
    return path;
}

static void load(const struct loader_request *request)
{
    static const uint8_t halt[] = {0xf4};
    struct image image = {0};
    struct error error;
    const char *reason;

    if (loader_prepare(&image, request, (struct default_kernel){halt, sizeof halt}, &error)) {
        struct memory *memory = memory_create(request->ram_size, &reason);
        if (!memory)
            abort();
        loader_copy(&image, memory);
        memory_destroy(memory);
    }
    loader_free(&image);
}

void fuzz_loader(const uint8_t *bytes, size_t size)
{
    enum { KERNEL, BIOS, WITH_INITRD, WITH_MODULES, BY_BIOS, KINDS };
    unsigned kind = fuzz_take(&bytes, &size, 1) % KINDS;
    uint32_t megabytes = fuzz_take(&bytes, &size, 1) % 32 + 1;
    char path[32], modules[96];
    int fd = file_of(bytes, size, path);
    struct loader_request request = {.ram_size = megabytes << 20};

    snprintf(modules, sizeof modules, "%s one,%s two three", path, path);
    if (kind == BIOS)
        request.bios = path;
    else
        request.kernel = path;
    if (kind == BY_BIOS)
        request.bios = empty_bios();
    if (kind == WITH_INITRD || kind == BY_BIOS)
        request.initrd = path;
    if (kind == WITH_MODULES)
        request.initrd = modules;
    if (kind != KERNEL)
        request.append = "console=ttyS0 mem=4M";
    load(&request);
    close(fd);
}
