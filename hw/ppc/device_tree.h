/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The flattened device tree of the machine `ppce500`: what it consists of, for systems that are
 * started on it. Devicetree Specification 0.3; bindings as Linux has them
 * (Documentation/devicetree/bindings/powerpc/fsl). Made by libfdt: without it there is no tree.
 */
#ifndef HW_PPC_DEVICE_TREE_H
#define HW_PPC_DEVICE_TREE_H

#include "hw/host/whole_file.h"

struct device_tree_facts {
    uint32_t ram_size;
    const char *append; /* NULL: no command line */
    uint32_t initrd, initrd_end;
    uint32_t kernel, kernel_end; /* for a firmware to boot; both 0: there is none */
    unsigned serials;
    uint32_t timebase_hz;
    const struct file *given; /* the user's tree, in place of ours; NULL: there is none */
};

/* Room enough for any of ours. */
enum { DEVICE_TREE_SIZE = 64 * 1024 };

/*
 * Writes the tree, or the given one with what the user has said of memory, command line and initial
 * RAM disk. How large it is; 0 and the error if the given one is none, or larger than `room`.
 */
size_t device_tree_make(const struct device_tree_facts *facts, void *to, size_t room,
                        struct error *error);

#endif
