/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that claim to be kernels of a PowerPC, or device trees. */
#include "hw/ppc/image.h"
#include "hw/ppc/device_tree.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "exec/memory.h"

enum { RAM = 4 << 20 };

static void load_kernel(const uint8_t *bytes, size_t size)
{
    struct ppc_image image = {.ram_size = RAM};
    struct error error;
    const char *reason;
    char path[32];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (ppc_image_load(&image, path, &error)) {
        struct memory *memory = memory_create(RAM, &reason);
        if (!memory)
            abort();
        ppc_image_copy(&image, memory);
        memory_destroy(memory);
    }
    ppc_image_free(&image);
    close(fd);
}

/* Aligned, as what is read of a file. */
static void complete_tree(const uint8_t *bytes, size_t size)
{
    struct error error;
    uint8_t *given = malloc(size + 1);
    size_t room = DEVICE_TREE_SIZE + size;
    uint8_t *made = malloc(room);
    if (!given || !made)
        abort();
    memcpy(given, bytes, size);
    const struct file file = {"given", given, size};
    const struct device_tree_facts facts = {.ram_size = RAM,
                                            .append = "console=ttyS0",
                                            .initrd = 0x200000,
                                            .initrd_end = 0x210000,
                                            .kernel = 0x300000,
                                            .kernel_end = 0x310000,
                                            .given = &file};
    if (device_tree_make(&facts, made, room, &error) > room)
        abort();
    free(made);
    free(given);
}

void fuzz_image(const uint8_t *bytes, size_t size)
{
    bool is_tree = fuzz_take(&bytes, &size, 1) & 1;
    if (is_tree)
        complete_tree(bytes, size);
    else
        load_kernel(bytes, size);
}
