/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors, the BIOS's data, and the chips that every PC has. */
#include "bios/post/post.h"
#include "bios/post/tables.h"
#include "bios/tables/acpi.h"

/* --- processor --- */

static void write_msr(u32 msr, u32 high, u32 low)
{
    __asm__ volatile("wrmsr" : : "c"(msr), "d"(high), "a"(low));
}

/* Memory is cached but for video memory and, from E0000000h on, PCI's; ROMs are protected. */
static void set_memory_types(void)
{
    enum { FIXED_64K = 0x250, FIXED_16K = 0x258, FIXED_4K = 0x268, BASE0 = 0x200, DEFAULT = 0x2ff };
    const u32 write_back = 0x06060606, protect = 0x05050505;
    write_msr(FIXED_64K, write_back, write_back);
    write_msr(FIXED_16K, write_back, write_back);
    write_msr(FIXED_16K + 1, 0, 0);
    for (u32 i = 0; i < 8; i++)
        write_msr(FIXED_4K + i, protect, protect);
    write_msr(BASE0, 0, 0xe0000000);
    write_msr(BASE0 + 1, 0x0f, 0xe0000800);
    write_msr(DEFAULT, 0, 0x0c06);
}

/* The 8259 comes through the local APIC's LINT0 (MultiProcessor Specification 1.4, 3.6.2.1). */
static void set_virtual_wire(void)
{
    volatile u32 *apic = (volatile u32 *)LOCAL_APIC_ADDRESS;
    enum { SPURIOUS = 0xf0 / 4, LINT0 = 0x350 / 4, LINT1 = 0x360 / 4 };
    apic[SPURIOUS] = 0x1ff;
    apic[LINT0] = 0x700;
    apic[LINT1] = 0x400;
}

/* Ids of APICs of either kind are to differ (3.6.6). */
static void set_io_apic_id(void)
{
    volatile u32 *io_apic = (volatile u32 *)IO_APIC_ADDRESS;
    enum { SELECT = 0, WINDOW = 0x10 / 4, ID = 0 };
    io_apic[SELECT] = ID;
    io_apic[WINDOW] = IO_APIC_ID << 24;
}

bool have_apic(void)
{
    enum { APIC = 1 << 9 };
    return cpuid(1, 0).d & APIC;
}

void cpu_init(void)
{
    enum { MTRR = 1 << 12 };
    if (have_apic()) {
        set_virtual_wire();
        set_io_apic_id();
    }
    if (cpuid(1, 0).d & MTRR)
        set_memory_types();
}

/* --- vectors --- */

extern const u8 int02[], int05[], int08[], int09_entry[], int0e[], int10[], int11[], int12[],
    int13[], int13_floppy[], int14[], int15[], int16[], int17[], int18[], int19[], int1a[], int70[],
    int74[], int75[], int76[], irq_low[], irq_high[], iret_only[], video_parameters[],
    floppy_parameters[], font_8x8[];

static const struct {
    u8 vector;
    const u8 *entry;
} vectors[] = {
    {0x02, int02},
    {0x05, int05},
    {0x08, int08},
    {0x09, int09_entry},
    {0x0e, int0e},
    {0x10, int10},
    {0x11, int11},
    {0x12, int12},
    {0x13, int13},
    {0x14, int14},
    {0x15, int15},
    {0x16, int16},
    {0x17, int17},
    {0x18, int18},
    {0x19, int19},
    {0x1a, int1a},
    {0x40, int13_floppy},
    {0x70, int70},
    {0x74, int74},
    {0x75, int75},
    {0x76, int76},
    {0x1d, video_parameters},
    {0x1e, floppy_parameters},
    {0x1f, font_8x8},
    {0x43, font_8x8},
};

static void set_vector(u8 vector, const u8 *entry)
{
    volatile u32 *table = (volatile u32 *)0;
    __asm__("" : "+r"(table));
    table[vector] = 0xf0000000 + (u32)entry;
}

/* Vectors 60h to 66h and from 78h on are programs'. */
static void set_vectors(void)
{
    for (unsigned i = 0; i < 0x78; i++)
        set_vector((u8)i, iret_only);
    for (unsigned i = 0x08; i < 0x10; i++)
        set_vector((u8)i, irq_low);
    for (unsigned i = 0x70; i < 0x78; i++)
        set_vector((u8)i, irq_high);
    for (unsigned i = 0; i < LENGTH(vectors); i++)
        set_vector(vectors[i].vector, vectors[i].entry);
}

static void set_data(void)
{
    volatile struct bda *bda = the_bda;
    u16 flag = bda->reset_flag;
    memset((void *)bda, 0, sizeof *bda);
    bda->reset_flag = flag;
    bda->ebda = EBDA_SEGMENT;
    bda->memory = 640 - EBDA_KB;
    bda->key_head = bda->key_tail = bda->key_start = KEYBOARD_BUFFER;
    bda->key_end = KEYBOARD_BUFFER_END;
    bda->columns = 80;
    bda->video_mode = 3;
    bda->rows = 24;
    bda->page_size = 0x1000;
    bda->crtc = 0x3d4;
    bda->cursor_shape = 0x0607;
    memset(the_ebda, 0, sizeof *the_ebda);
    the_ebda->size = EBDA_KB;
    the_ebda->stack_top = offsetof(struct ebda, stack) + STACK_SIZE;
}

void vectors_init(void)
{
    set_vectors();
    set_data();
}

/* --- chips --- */

static void write_all(u16 port, const u8 *bytes, unsigned count)
{
    while (count--)
        outb(port, *bytes++);
}

/* IRQ 0 to 7 are vectors 08h to 0Fh, 8 to 15 are 70h to 77h. */
static void init_8259(void)
{
    static const u8 first[] = {0x08, 0x04, 0x01}, second[] = {0x70, 0x02, 0x01};
    outb(PORT_PIC1, 0x11);
    write_all(PORT_PIC1 + 1, first, sizeof first);
    outb(PORT_PIC2, 0x11);
    write_all(PORT_PIC2 + 1, second, sizeof second);
    outb(PORT_PIC1 + 1, 0xf8); /* timer, keyboard, the second one */
    outb(PORT_PIC2 + 1, 0x9f); /* FPU, IDE; clock and mouse when they are asked for */
}

static void init_8254(void)
{
    outb(PORT_PIT + 3, 0x34);
    outb(PORT_PIT, 0);
    outb(PORT_PIT, 0);
    outb(PORT_PIT + 3, 0x54);
    outb(PORT_PIT + 1, 0x12);
    outb(PORT_PIT + 3, 0xb6);
    outb(PORT_PIT + 2, 0x33);
    outb(PORT_PIT + 2, 0x05);
}

static u32 from_bcd(u8 value)
{
    return (value >> 4) * 10u + (value & 15);
}

/* The clock runs, in BCD and 24 hours; ticks since midnight come of it. */
static void init_clock(void)
{
    cmos_write(CMOS_A, 0x26);
    cmos_write(CMOS_B, 0x02);
    cmos_read(CMOS_C);
    u32 minutes = from_bcd(cmos_read(CMOS_HOURS)) * 60 + from_bcd(cmos_read(CMOS_MINUTES));
    u32 seconds = minutes * 60 + from_bcd(cmos_read(CMOS_SECONDS));
    the_bda->ticks = seconds * 18 + seconds * 206 / 1000 + seconds / 1000;
}

static void init_dma(void)
{
    outb(0x0d, 0);
    outb(0xda, 0);
    outb(0xd6, 0xc0); /* channel 4 is the cascade */
    outb(0xd4, 0x00);
}

/* --- ports --- */

/* An 8250 keeps what is written into its interrupt register's lower half. */
bool have_serial(u16 port)
{
    outb((u16)(port + 1), 0x02);
    bool have = inb((u16)(port + 1)) == 0x02 && (inb((u16)(port + 2)) & 0x30) == 0;
    outb((u16)(port + 1), 0x00);
    return have;
}

/* Without a strobe, by which a printer would take what is written here. */
static bool have_parallel(u16 port)
{
    outb((u16)(port + 2), 0x0c);
    outb(port, 0xaa);
    return inb(port) == 0xaa;
}

static void find_ports(void)
{
    static const u16 serial[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8}, parallel[] = {0x378, 0x278, 0x3bc};
    unsigned coms = 0, lpts = 0;
    for (unsigned i = 0; i < LENGTH(serial); i++)
        if (have_serial(serial[i])) {
            the_bda->com_timeout[coms] = 0x0a;
            the_bda->com[coms++] = serial[i];
        }
    for (unsigned i = 0; i < LENGTH(parallel); i++)
        if (have_parallel(parallel[i])) {
            the_bda->lpt_timeout[lpts] = 0x14;
            the_bda->lpt[lpts++] = parallel[i];
        }
    the_bda->equipment |= (u16)(coms << 9 | lpts << 14);
}

/* CMOS 14h has floppies, FPU and mouse; the screen is in color, 80 columns. */
static void find_equipment(void)
{
    enum { FLOPPY = 0x01, FPU = 0x02, POINTING = 0x04, COLOR_80 = 0x20, FLOPPIES = 0xc0 };
    u8 floppies = cmos_read(CMOS_FLOPPIES);
    u16 equipment = FPU | POINTING | COLOR_80;
    if (floppies & 0xf0)
        equipment |= FLOPPY;
    if (floppies & 0xf0 && floppies & 0x0f)
        equipment |= 0x40;
    the_bda->equipment = equipment;
}

void chips_init(void)
{
    init_8259();
    init_8254();
    init_dma();
    init_clock();
    find_equipment();
    find_ports();
    outb(PORT_61, inb(PORT_61) & 0xfc);
}
