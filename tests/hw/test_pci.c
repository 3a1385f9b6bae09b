/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What PCI functions decode, and where their interrupts go. */
#include "hw/intc/i8259.h"
#include "hw/pc/piix3.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <string.h>

enum { CARD = 0x10, OTHER = 0x18, WINDOW = 0x100000, ROM = 0x8000 };

static struct memory *memory;
static struct ports ports;
static struct pci bus;
static struct piix3 bridge;
static struct i8259 pic;
static struct wire intr;
static struct pci_function card, other;
static uint32_t last_write, last_offset;

static uint32_t read_port(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    return device == &card ? 0x40 + offset : 0x80 + offset;
}

static void write_port(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)device;
    (void)size;
    last_offset = offset;
    last_write = value;
}

static void add_function(struct pci_function *f, unsigned device)
{
    pci_function_init(f, device, 0, 0x1234, 0x1111, 0x03000002);
    pci_add(&bus, f);
    pci_set_interrupt_pin(f, 1);
}

static void add_card(void)
{
    static uint8_t rom[ROM];
    memset(rom, 0x55, sizeof rom);
    struct memory_region *window = memory_map_ram(memory, 0xe0000000, WINDOW);
    struct memory_region *image = memory_map_rom(memory, 0xe1000000, rom, ROM);
    ck_assert(window && image);
    add_function(&card, 2);
    pci_base_memory(&card, 0, window, true);
    ck_assert(pci_base_io(&card, 1, 16, 4, read_port, write_port, &card));
    pci_base_rom(&card, image);
}

static void setup(void)
{
    const char *error = "";
    memory = memory_create(4u << 20, &error);
    ck_assert_ptr_nonnull(memory);
    ports_init(&ports);
    i8259_init(&pic, wire_line(&intr));
    i8259_reset(&pic);
    pci_init(&bus, memory, &ports, (struct irq_line){0});
    ports_add(&ports, 0xcf8, 8, 4, pci_read, pci_write, &bus);
    piix3_init(&bridge, &bus, (struct irq_line){i8259_set, &pic, 0});
    add_card();
    add_function(&other, 3);
    ck_assert(pci_base_io(&other, 5, 4, 1, read_port, write_port, &other));
}

static void teardown(void)
{
    memory_destroy(memory);
}

static uint32_t config(unsigned devfn, unsigned offset)
{
    ports_write(&ports, 0xcf8, 0x80000000u | devfn << 8 | offset, 4);
    return ports_read(&ports, 0xcfc, 4);
}

static void set_config(unsigned devfn, unsigned offset, uint32_t value, unsigned size)
{
    ports_write(&ports, 0xcf8, 0x80000000u | devfn << 8 | (offset & 0xfc), 4);
    ports_write(&ports, (uint16_t)(0xcfc + (offset & 3)), value, size);
}

START_TEST(sizes_are_told)
{
    for (unsigned offset = 0x10; offset <= 0x30; offset += 4)
        set_config(CARD, offset, 0xffffffff, 4);
    ck_assert_uint_eq(config(CARD, 0x10), 0xfff00008);
    ck_assert_uint_eq(config(CARD, 0x14), 0xfffffff1);
    ck_assert_uint_eq(config(CARD, 0x18), 0);
    ck_assert_uint_eq(config(CARD, 0x30), 0xffff8001);
    set_config(CARD, 0x04, 0xffff, 2);
    ck_assert_uint_eq(config(CARD, 0x04) & 0xffff, 3);
    ck_assert_uint_eq(config(OTHER, 0x24), 1);
    ck_assert_uint_eq(config(CARD, 0x3c) & 0xff00, 0x0100);
}
END_TEST

/* Written while it decodes, too: it is not seen at the top, where the BIOS is. */
START_TEST(memory_moves)
{
    set_config(CARD, 0x04, 2, 2);
    ck_assert_uint_eq(memory_read(memory, 0, 4), 0); /* RAM, not the window at 0 */
    set_config(CARD, 0x10, 0xf0000000, 4);
    memory_write(memory, 0xf0000000 + WINDOW - 4, 0x12345678, 4);
    set_config(CARD, 0x10, 0xffffffff, 4);
    ck_assert_uint_eq(memory_read(memory, 0xfffffffc, 4), 0xffffffff);
    set_config(CARD, 0x10, 0xc0000000, 4);
    ck_assert_uint_eq(memory_read(memory, 0xc0000000 + WINDOW - 4, 4), 0x12345678);
    ck_assert_uint_eq(memory_read(memory, 0xf0000000 + WINDOW - 4, 4), 0xffffffff);
    set_config(CARD, 0x04, 0, 2);
    ck_assert_uint_eq(memory_read(memory, 0xc0000000 + WINDOW - 4, 4), 0xffffffff);
}
END_TEST

START_TEST(a_rom_has_an_enable_of_its_own)
{
    set_config(CARD, 0x30, 0xd0000000, 4);
    set_config(CARD, 0x04, 2, 2);
    ck_assert_uint_eq(memory_read(memory, 0xd0000000, 1), 0xff);
    set_config(CARD, 0x30, 0xd0000001, 4);
    ck_assert_uint_eq(memory_read(memory, 0xd0007fff, 1), 0x55);
    memory_write(memory, 0xd0000000, 0, 1);
    ck_assert_uint_eq(memory_read(memory, 0xd0000000, 1), 0x55);
    set_config(CARD, 0x04, 0, 2); /* Bochs's BIOS copies it so */
    ck_assert_uint_eq(memory_read(memory, 0xd0000000, 1), 0x55);
}
END_TEST

START_TEST(ports_move)
{
    set_config(CARD, 0x14, 0xc000, 4);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0xff);
    set_config(CARD, 0x04, 1, 2);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0x44);
    ports_write(&ports, 0xc00c, 0xabcdef01, 4);
    ck_assert_uint_eq(last_write, 0xabcdef01);
    ck_assert_uint_eq(last_offset, 12);
    set_config(CARD, 0x14, 0xfff0, 4);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0xff);
    ck_assert_uint_eq(ports_read(&ports, 0xffff, 1), 0x4f);
    set_config(CARD, 0x14, 0x1c000, 4); /* beyond the ports of a PC */
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0xff);
    ck_assert_uint_eq(ports_read(&ports, 0xffff, 1), 0xff);
}
END_TEST

/* What lies beneath is there again when the other goes. */
START_TEST(ports_that_overlap)
{
    set_config(CARD, 0x14, 0xc000, 4);
    set_config(OTHER, 0x24, 0xc004, 4);
    set_config(CARD, 0x04, 1, 2);
    set_config(OTHER, 0x04, 1, 2);
    ck_assert_uint_eq(ports_read(&ports, 0xc003, 1), 0x43);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0x80);
    ck_assert_uint_eq(ports_read(&ports, 0xc008, 1), 0x48);
    set_config(CARD, 0x14, 0xc100, 4);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0x80);
    set_config(CARD, 0x14, 0xc000, 4);
    set_config(OTHER, 0x24, 0, 4);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0x44);
    ck_assert_uint_eq(ports_read(&ports, 0, 1), 0xff);
}
END_TEST

START_TEST(a_reset_hides_all)
{
    set_config(CARD, 0x10, 0xc0000000, 4);
    set_config(CARD, 0x14, 0xc000, 4);
    set_config(CARD, 0x04, 3, 2);
    memory_write(memory, 0xc0000000, 0x42, 1);
    pci_function_reset(&card);
    ck_assert_uint_eq(memory_read(memory, 0xc0000000, 1), 0xff);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0xff);
}
END_TEST

START_TEST(restored_it_is_where_it_was)
{
    static uint8_t saved[1024];
    struct error error;
    set_config(CARD, 0x10, 0xc0000000, 4);
    set_config(CARD, 0x14, 0xc000, 4);
    set_config(CARD, 0x04, 3, 2);
    memory_write(memory, 0xc0000000, 0x42, 1);
    size_t size = state_save(&pci_function_state, &card, saved, sizeof saved);
    set_config(CARD, 0x10, 0xd0000000, 4);
    set_config(CARD, 0x04, 2, 2);
    ck_assert(state_restore(&pci_function_state, &card, saved, size, &error));
    pci_place_bases(&card);
    ck_assert_uint_eq(memory_read(memory, 0xc0000000, 1), 0x42);
    ck_assert_uint_eq(memory_read(memory, 0xd0000000, 1), 0xff);
    ck_assert_uint_eq(ports_read(&ports, 0xc004, 1), 0x44);
}
END_TEST

START_TEST(as_a_bios_leaves_them)
{
    static const uint8_t irqs[PCI_PIRQS] = {10, 9, 11, 5};
    pci_assign(&bus, irqs);
    uint32_t window = config(CARD, 0x10) & ~15u, range = config(CARD, 0x14) & ~3u;
    uint32_t behind = config(OTHER, 0x24) & ~3u;
    ck_assert_uint_eq(window % WINDOW, 0);
    memory_write(memory, window + 8, 0x77, 1);
    ck_assert_uint_eq(memory_read(memory, window + 8, 1), 0x77);
    ck_assert_uint_eq(ports_read(&ports, (uint16_t)range, 1), 0x40);
    ck_assert_uint_eq(ports_read(&ports, (uint16_t)behind, 1), 0x80);
    ck_assert_uint_eq(config(CARD, 0x3c) & 0xff, 9);
    ck_assert_uint_eq(config(OTHER, 0x3c) & 0xff, 11);
}
END_TEST

/* --- interrupts --- */

static bool requests(unsigned irq)
{
    return pic.chip[irq >> 3].line & 1u << (irq & 7);
}

START_TEST(interrupts_are_routed)
{
    pci_interrupt(&card, true); /* slot 2: PIRQB#, which leads nowhere */
    for (unsigned irq = 0; irq < PIIX3_IRQS; irq++)
        ck_assert(!requests(irq));
    set_config(0x08, 0x61, 11, 1);
    ck_assert(requests(11));
    set_config(0x08, 0x61, 10, 1);
    ck_assert(!requests(11) && requests(10));
    set_config(0x08, 0x61, 13, 1); /* not possible */
    ck_assert(!requests(13) && !requests(10));
    set_config(0x08, 0x61, 10, 1);
    pci_interrupt(&card, false);
    ck_assert(!requests(10));
}
END_TEST

START_TEST(interrupts_are_shared)
{
    static const uint8_t all_10[PCI_PIRQS] = {10, 10, 10, 10};
    piix3_route(&bridge, all_10);
    pci_interrupt(&card, true);
    pci_interrupt(&other, true);
    pci_interrupt(&card, false);
    ck_assert(requests(10));
    pci_function_reset(&other);
    ck_assert(!requests(10));
}
END_TEST

Suite *pci_suite(void)
{
    Suite *suite = suite_create("pci");
    TCase *c = tcase_create("pci");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, sizes_are_told);
    tcase_add_test(c, memory_moves);
    tcase_add_test(c, a_rom_has_an_enable_of_its_own);
    tcase_add_test(c, ports_move);
    tcase_add_test(c, ports_that_overlap);
    tcase_add_test(c, a_reset_hides_all);
    tcase_add_test(c, restored_it_is_where_it_was);
    tcase_add_test(c, as_a_bios_leaves_them);
    tcase_add_test(c, interrupts_are_routed);
    tcase_add_test(c, interrupts_are_shared);
    suite_add_tcase(suite, c);
    return suite;
}
