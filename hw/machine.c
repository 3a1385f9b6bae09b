/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of machines. */
#include "hw/machine.h"

#include "hw/pc/pc.h"
#include "hw/ppc/bare.h"
#include "hw/ppc/ppce500.h"

#include <string.h>

const struct machine *const machines[] = {&pc_machine, &ppce500_machine, &ppc_bare_machine, NULL};

static bool is_called(const struct machine *m, const char *name)
{
    return strcmp(m->name, name) == 0 ||
           (m->version && strncmp(name, m->version, strlen(m->version)) == 0);
}

const struct machine *machine_find(const char *name)
{
    const struct machine *const *m = machines;
    while (*m && !is_called(*m, name))
        m++;
    return *m;
}

const struct machine *machine_for(const char *kernel)
{
    for (const struct machine *const *m = machines; kernel && *m; m++)
        if ((*m)->takes && (*m)->takes(kernel))
            return *m;
    return machines[0];
}

const char *machine_name(unsigned i)
{
    return machines[i] ? machines[i]->name : NULL;
}
