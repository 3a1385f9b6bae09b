/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host bridge: registers that just keep values, but for those of the shadow RAM. */
#include "hw/pc/i440fx.h"

#include "exec/memory.h"

#include <string.h>

enum { PAM0 = 0x59, PAM_COUNT = 7, PAM_READ = 1, PAM_WRITE = 2 };

/* RAM that is not to be seen but as video memory and ROMs' shadows. */
enum { HOLE = 0xa0000, HOLE_END = 0x100000 };

struct shadow_range {
    uint32_t base, size;
};

/* PAM0's upper half governs the BIOS; then each half of PAM1..PAM6 16 KiB from C0000h up. */
static struct shadow_range shadow_range(unsigned i)
{
    if (i == 0)
        return (struct shadow_range){0xf0000, 0x10000};
    return (struct shadow_range){0xc0000 + (i - 1) * 0x4000, 0x4000};
}

static uint8_t shadow_attributes(const struct i440fx *s, unsigned i)
{
    uint8_t pam = s->pci.config[PAM0 + (i + 1) / 2];
    return (i & 1 ? pam : pam >> 4) & (PAM_READ | PAM_WRITE);
}

static void set_attributes(struct i440fx *s, unsigned i, uint8_t attributes)
{
    s->attributes[i] = attributes;
    memory_protect(s->memory, s->shadow[i], attributes & PAM_WRITE);
    memory_place(s->memory, s->shadow[i], shadow_range(i).base, attributes);
}

static void update_shadows(void *device)
{
    struct i440fx *s = device;
    for (unsigned i = 0; i < I440FX_SHADOWS; i++)
        if (s->attributes[i] != shadow_attributes(s, i))
            set_attributes(s, i, shadow_attributes(s, i));
}

/*
 * A BIOS that reads ROM and writes RAM at the same addresses is about to copy itself: the copy is
 * made for it, and it sees RAM at once.
 */
static void registers_changed(void *device)
{
    struct i440fx *s = device;
    for (unsigned i = 0; i < I440FX_SHADOWS; i++)
        if (!s->attributes[i] && shadow_attributes(s, i) == PAM_WRITE)
            memory_copy_beneath(s->memory, s->shadow[i]);
    update_shadows(s);
}

/* Intel 82441FX data sheet (290549), "Register Description" */
static void set_registers(struct pci_function *f)
{
    pci_set(f, PCI_COMMAND, 2, 0x0006, 0x0140);
    pci_set(f, PCI_STATUS, 2, 0x0280, 0);
    pci_set(f, PCI_LATENCY_TIMER, 1, 0, 0xf8);
    pci_set(f, 0x50, 2, 0x0000, 0xffff); /* PMCCFG */
    pci_set(f, 0x53, 1, 0x80, 0xff);     /* DETURBO */
    pci_set(f, 0x54, 2, 0, 0xffff);      /* DBC */
    pci_set(f, 0x57, 1, 0x01, 0xff);     /* DRAMC */
    pci_set(f, 0x58, 1, 0x10, 0xff);     /* DRAMT */
    pci_set(f, PAM0, 4, 0, 0x33333330);
    pci_set(f, PAM0 + 4, 3, 0, 0x333333);
    for (unsigned drb = 0x60; drb <= 0x67; drb++)
        pci_set(f, drb, 1, 0x01, 0xff);
    pci_set(f, 0x68, 1, 0, 0xff);    /* FDHC */
    pci_set(f, 0x70, 2, 0, 0xffff);  /* MTT, CLT */
    pci_set(f, 0x72, 1, 0x02, 0x78); /* SMRAM */
    pci_set(f, 0x90, 2, 0, 0xffff);  /* ERRCMD, ERRSTS */
    pci_set(f, 0x93, 1, 0, 0xff);    /* TRC */
}

bool i440fx_init(struct i440fx *s, struct memory *memory)
{
    memset(s, 0, sizeof *s);
    s->memory = memory;
    pci_function_init(&s->pci, 0, 0, 0x8086, 0x1237, 0x06000002);
    set_registers(&s->pci);
    s->pci.changed = registers_changed;
    s->pci.device = s;
    if (!memory_leave_out(memory, HOLE, HOLE_END))
        return false;
    for (unsigned i = 0; i < I440FX_SHADOWS; i++) {
        struct shadow_range r = shadow_range(i);
        s->shadow[i] = memory_map_ram(memory, r.base, r.size);
        if (!s->shadow[i])
            return false;
        memory_call(s->shadow[i], "shadow");
        set_attributes(s, i, 0);
    }
    return true;
}

static void i440fx_reset(void *device)
{
    struct i440fx *s = device;
    pci_function_reset(&s->pci);
}

static const struct state_field i440fx_fields[] = {
    {STATE_OF(i440fx, pci, &pci_function_state)},
    {NOT_STATE(i440fx, memory)},
    {NOT_STATE(i440fx, shadow)}, /* its bytes are the memory's */
    {NOT_STATE(i440fx, attributes)},
    {0},
};
static const struct state_table i440fx_state = STATE_TABLE(i440fx, 1, i440fx_fields);
const struct device i440fx_device = {
    .name = "i440fx", .reset = i440fx_reset, .state = &i440fx_state, .restored = update_shadows};
