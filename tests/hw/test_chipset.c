/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices together: ports, PCI, shadow RAM, the small ports, and hostile guests. */
#include "hw/pc/chipset.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static struct timers *timers;
static struct memory *memory;
static struct chipset *pc;
static struct far_end outside;
static struct wire intr, a20, reset, off;
static uint8_t rom[0x20000], vga_rom[0x2000];

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(16u << 20, &error);
    ck_assert_ptr_nonnull(memory);
    memset(rom, 0x5a, sizeof rom);
    memset(vga_rom, 0x6b, sizeof vga_rom);
    ck_assert_ptr_nonnull(memory_map_rom(memory, 0xe0000, rom, sizeof rom));
    far_end_init(&outside, "");
    pc = mmap(NULL, sizeof *pc, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(pc, MAP_FAILED);
    struct chipset_setup s = {
        .timers = timers,
        .memory = memory,
        .serial = {&outside.chardev, NULL},
        .parallel = &outside.chardev,
        .debugcon = &outside.chardev,
        .debugcon_port = DEBUGCON_PORT,
        .apic = true,
        .hpet = true,
        .acpi = true,
        .off = wire_line(&off),
        .vga_mib = 1,
        .vga_rom = vga_rom,
        .vga_rom_size = sizeof vga_rom,
        .intr = wire_line(&intr),
        .a20 = wire_line(&a20),
        .reset = wire_line(&reset),
    };
    ck_assert(chipset_init(pc, &s));
}

static void teardown(void)
{
    chipset_destroy(pc);
    munmap(pc, sizeof *pc);
    memory_destroy(memory);
}

static uint32_t in(uint16_t port, unsigned size)
{
    return ports_read(&pc->ports, port, size);
}

static void out(uint16_t port, uint32_t value, unsigned size)
{
    ports_write(&pc->ports, port, value, size);
}

static uint32_t config(unsigned devfn, unsigned offset, unsigned size)
{
    out(0xcf8, 0x80000000u | devfn << 8 | (offset & 0xfc), 4);
    return in((uint16_t)(0xcfc + (offset & 3)), size);
}

static void set_config(unsigned devfn, unsigned offset, uint32_t value, unsigned size)
{
    out(0xcf8, 0x80000000u | devfn << 8 | (offset & 0xfc), 4);
    out((uint16_t)(0xcfc + (offset & 3)), value, size);
}

START_TEST(nobody_there_reads_ones)
{
    ck_assert_uint_eq(in(0x3e8, 1), 0xff);
    ck_assert_uint_eq(in(0x2f8, 1), 0xff); /* no second serial port */
    ck_assert_uint_eq(in(0x1e8, 2), 0xffff);
    ck_assert_uint_eq(in(0xfffc, 4), 0xffffffff);
    out(0xfffe, 0x12345678, 4);
}
END_TEST

START_TEST(wide_accesses_are_split)
{
    out(0x86, 0xbeef, 2);
    ck_assert_uint_eq(in(0x86, 1), 0xef);
    ck_assert_uint_eq(in(0x87, 1), 0xbe);
    out(0x88, 0x04030201, 4);
    ck_assert_uint_eq(in(0x88, 4), 0x04030201);
    ck_assert_uint_eq(in(0x8a, 2), 0x0403);
    ck_assert_uint_eq(in(0x8f, 2), 0xff00); /* half of it is nobody's */
}
END_TEST

START_TEST(ranges_are_checked)
{
    struct ports *p = malloc(sizeof *p);
    ports_init(p);
    ck_assert(!ports_add(p, 0xfffe, 4, 1, i8254_read, i8254_write, NULL));
    for (unsigned i = 1; i < PORT_RANGES; i++)
        ck_assert(ports_add(p, 0x100, 1, 1, i8254_read, i8254_write, NULL));
    ck_assert(!ports_add(p, 0x100, 1, 1, i8254_read, i8254_write, NULL));
    free(p);
}
END_TEST

START_TEST(pci_functions)
{
    ck_assert_uint_eq(config(0x00, 0, 4), 0x12378086);
    ck_assert_uint_eq(config(0x08, 0, 4), 0x70008086);
    ck_assert_uint_eq(config(0x08, 0x0a, 2), 0x0601);
    ck_assert_uint_eq(config(0x08, 0x0e, 1), 0x80);
    ck_assert_uint_eq(config(0x09, 0, 4), 0x70108086);
    ck_assert_uint_eq(config(0x0f, 0, 4), 0xffffffff);
    ck_assert_uint_eq(config(0x10, 0, 4), 0x11111234);
    ck_assert_uint_eq(config(0x18, 0, 2), 0xffff);
    ck_assert_uint_eq(in(0xcf8, 4), 0x80001800);
    out(0xcf8, 0x80010000, 4); /* bus 1 */
    ck_assert_uint_eq(in(0xcfc, 4), 0xffffffff);
    out(0xcf8, 0x00000000, 4); /* disabled */
    ck_assert_uint_eq(in(0xcfc, 4), 0xffffffff);
    ck_assert_uint_eq(in(0xcf8, 2), 0xffff);
}
END_TEST

START_TEST(pci_masks_writes)
{
    set_config(0x08, 0, 0, 4);
    ck_assert_uint_eq(config(0x08, 0, 4), 0x70008086);
    set_config(0x08, 0x60, 0x7f, 1);
    ck_assert_uint_eq(config(0x08, 0x60, 1), 0x0f);
    set_config(0x08, 0x61, 0x0b, 1);
    ck_assert_uint_eq(config(0x08, 0x60, 2), 0x0b0f);
    chipset_reset(pc);
    ck_assert_uint_eq(config(0x08, 0x60, 4), 0x80808080);
    for (unsigned offset = 0; offset < 256; offset += 4)
        set_config(0x00, offset, 0xffffffff, 4);
    ck_assert_uint_eq(config(0x00, 0, 4), 0x12378086);
}
END_TEST

START_TEST(shadow_ram)
{
    ck_assert_uint_eq(memory_read(memory, 0xf1234, 1), 0x5a);
    memory_write(memory, 0xf1234, 1, 1);
    ck_assert_uint_eq(memory_read(memory, 0xf1234, 1), 0x5a);
    set_config(0, 0x59, 0x20, 1); /* read ROM, write RAM: a copy */
    memory_write(memory, 0xf1234, 0x77, 1);
    ck_assert_uint_eq(memory_read(memory, 0xf1235, 1), 0x5a);
    set_config(0, 0x59, 0x10, 1); /* RAM, write-protected */
    memory_write(memory, 0xf1235, 0x88, 1);
    ck_assert_uint_eq(memory_read(memory, 0xf1234, 2), 0x5a77);
    set_config(0, 0x59, 0x00, 1);
    ck_assert_uint_eq(memory_read(memory, 0xf1234, 2), 0x5a5a);
    set_config(0, 0x5a, 0x30, 1); /* C4000..C7FFF, where there is no ROM */
    memory_write(memory, 0xc4000, 0xabcd, 2);
    ck_assert_uint_eq(memory_read(memory, 0xc4000, 2), 0xabcd);
    ck_assert_uint_eq(memory_read(memory, 0xc3ffe, 2), 0xffff);
    ck_assert_uint_eq(memory_read(memory, 0xc8000, 2), 0xffff);
    set_config(0, 0x5f, 0x22, 1); /* E8000..EFFFF */
    ck_assert_uint_eq(memory_read(memory, 0xe8000, 1), 0x5a);
    memory_write(memory, 0xeffff, 0x99, 1);
    ck_assert_uint_eq(memory_read(memory, 0xeffff, 1), 0x99);
    chipset_reset(pc);
    ck_assert_uint_eq(memory_read(memory, 0xc4000, 2), 0xffff);
    ck_assert_uint_eq(memory_read(memory, 0xeffff, 1), 0x5a);
}
END_TEST

/* A VGA BIOS keeps variables in its own segment until it is write-protected. */
START_TEST(shadow_ram_over_the_vga_rom)
{
    ck_assert_uint_eq(memory_read(memory, 0xc1234, 1), 0x6b);
    set_config(0, 0x5a, 0x03, 1); /* C0000..C3FFF: RAM */
    memory_write(memory, 0xc1234, 0x77, 1);
    ck_assert_uint_eq(memory_read(memory, 0xc1234, 1), 0x77);
    set_config(0, 0x5a, 0x01, 1);
    memory_write(memory, 0xc1234, 0x88, 1);
    ck_assert_uint_eq(memory_read(memory, 0xc1234, 1), 0x77);
    chipset_reset(pc);
    ck_assert_uint_eq(memory_read(memory, 0xc1234, 1), 0x6b);
}
END_TEST

START_TEST(resets)
{
    out(0xcf9, 0x02, 1);
    ck_assert_uint_eq(reset.rises, 0);
    out(0xcf9, 0x06, 1);
    ck_assert_uint_eq(reset.rises, 1);
    ck_assert_uint_eq(in(0xcf9, 1), 0x06);
    reset.level = false;
    out(0x92, 0x01, 1);
    ck_assert_uint_eq(reset.rises, 2);
    reset.level = false;
    out(0x64, 0xfe, 1);
    ck_assert_uint_eq(reset.rises, 3);
}
END_TEST

/* By the 8042's output port, which one byte of data and one to port 64h write. */
static void expect_a20(bool on)
{
    ck_assert_int_eq(a20.level, on);
    ck_assert_uint_eq(in(0x92, 1), on ? 0x02 : 0x00);
    out(0x64, 0xd0, 1);
    advance(timers, 1000000);
    ck_assert_uint_eq(in(0x60, 1) & 0x02, on ? 0x02 : 0x00);
}

static void write_output_port(uint8_t value)
{
    out(0x64, 0xd1, 1);
    out(0x60, value, 1);
}

START_TEST(a20_is_as_it_was_written_last)
{
    expect_a20(true);
    out(0x92, 0x02, 1); /* as SeaBIOS leaves it */
    write_output_port(0xdd);
    expect_a20(false);
    write_output_port(0xdf);
    expect_a20(true);
    out(0x92, 0x00, 1);
    expect_a20(false);
    out(0x64, 0xdf, 1);
    expect_a20(true);
    out(0x64, 0xdd, 1);
    expect_a20(false);
    out(0x92, 0x02, 1);
    expect_a20(true);
}
END_TEST

START_TEST(a20_is_on_by_reset)
{
    out(0x92, 0x00, 1);
    chipset_reset(pc);
    expect_a20(true);
    out(0x64, 0xdd, 1);
    chipset_reset(pc);
    expect_a20(true);
}
END_TEST

/* Who writes back what was read changes nothing. */
START_TEST(a20_outlives_other_bits)
{
    out(0x64, 0xdf, 1);
    out(0x92, in(0x92, 1) & 0xfe, 1);
    expect_a20(true);
    out(0x92, 0x00, 1);
    out(0x64, 0xd0, 1);
    advance(timers, 1000000);
    write_output_port((uint8_t)in(0x60, 1));
    expect_a20(false);
}
END_TEST

START_TEST(port_61)
{
    out(0x61, 0xff, 1);
    ck_assert_uint_eq(in(0x61, 1) & 0xcf, 0x0f);
    uint32_t refresh = in(0x61, 1) & 0x10;
    advance(timers, 15085);
    ck_assert_uint_ne(in(0x61, 1) & 0x10, refresh);
    out(0x43, 0xb0, 1); /* counter 2, mode 0 */
    out(0x42, 100, 1);
    out(0x42, 0, 1);
    ck_assert_uint_eq(in(0x61, 1) & 0x20, 0);
    advance(timers, 100 * NS_PER_US);
    ck_assert_uint_eq(in(0x61, 1) & 0x20, 0x20);
    out(0x61, 0, 1); /* gate low: it would not have counted */
    out(0x42, 100, 1);
    out(0x42, 0, 1);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(in(0x61, 1) & 0x20, 0);
}
END_TEST

/* IRQ 13, taken: as a BIOS leaves them, the slave's vectors begin at 70h. */
static void take_irq13(void)
{
    ck_assert(intr.level);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x75);
    out(0xa0, 0x20, 1);
    out(0x20, 0x20, 1);
}

static void let_irq13_through(void)
{
    chipset_as_after_bios(pc);
    out(0x21, 0xfb, 1); /* only the slave */
    out(0xa1, 0xdf, 1);
}

START_TEST(an_x87_error_interrupts_once)
{
    let_irq13_through();
    ck_assert(!intr.level);
    ck_assert(!chipset_ferr(pc, true));
    take_irq13();
    ck_assert(!chipset_ferr(pc, true)); /* the instruction again, before the handler got to F0h */
    ck_assert(!intr.level);
    out(0xf0, 0, 1);
    ck_assert(chipset_ferr(pc, true));
    ck_assert(!intr.level);
    ck_assert(!chipset_ferr(pc, false)); /* IGNNE# ends with FERR# */
    ck_assert(!chipset_ferr(pc, true));
    take_irq13();
}
END_TEST

START_TEST(port_f0_ignores_errors_to_come)
{
    let_irq13_through();
    ck_assert_uint_eq(in(0xf0, 1), 0xff);
    out(0xf0, 0, 1);
    ck_assert(!chipset_ferr(pc, true));
    take_irq13();
}
END_TEST

/* The interrupt is latched: a handler that clears the x87 first must still write to F0h. */
START_TEST(port_f0_ends_the_interrupt)
{
    let_irq13_through();
    chipset_ferr(pc, true);
    chipset_ferr(pc, false);
    take_irq13();
    chipset_ferr(pc, true);
    chipset_ferr(pc, false);
    ck_assert(!intr.level); /* no edge: the line is still high */
    out(0xf0, 0, 1);
    chipset_ferr(pc, true);
    take_irq13();
    chipset_reset(pc);
    let_irq13_through();
    ck_assert(!intr.level);
    ck_assert(!chipset_ferr(pc, true));
    take_irq13();
}
END_TEST

START_TEST(dma_registers_read_back)
{
    static const uint16_t ports[][3] = {{0x00, 0x0c, 0x0d}, {0xc0, 0xd8, 0xda}};
    const uint16_t *p = ports[_i];
    out(p[1], 0, 1); /* flip-flop */
    out(p[0], 0x34, 1);
    out(p[0], 0x12, 1);
    ck_assert_uint_eq(in(p[0], 1), 0x34);
    ck_assert_uint_eq(in(p[0], 1), 0x12);
    out(p[0], 0x78, 1);
    out(p[1], 0, 1);
    ck_assert_uint_eq(in(p[0], 1), 0x78);
    out(p[2], 0, 1); /* master clear */
    ck_assert_uint_eq(in(_i ? 0xde : 0x0f, 1) & 0x0f, 0x0f);
    out(_i ? 0xd4 : 0x0a, 2, 1); /* unmask channel 2 */
    ck_assert_uint_eq(in(_i ? 0xde : 0x0f, 1) & 0x0f, 0x0b);
    out(_i ? 0xdc : 0x0e, 0, 1);
    ck_assert_uint_eq(in(_i ? 0xde : 0x0f, 1) & 0x0f, 0x00);
    out(_i ? 0xd2 : 0x09, 5, 1); /* software request of channel 1 */
    ck_assert_uint_eq(in(_i ? 0xd0 : 0x08, 1), 0x20);
}
END_TEST

/* A byte goes out, and the printer asks for IRQ 7. */
START_TEST(parallel_port)
{
    out(0x20, 0x11, 1);
    out(0x21, 0x08, 1);
    out(0x21, 0x04, 1);
    out(0x21, 0x01, 1);
    out(0x21, 0x7f, 1);
    out(0x378, 'p', 1);
    out(0x37a, 0x1c, 1);
    ck_assert(!intr.level);
    out(0x37a, 0x1d, 1);
    ck_assert_str_eq(outside.sent, "p");
    ck_assert(intr.level);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x0f);
    chipset_reset(pc);
    ck_assert_uint_eq(in(0x37a, 1), 0xcc);
}
END_TEST

START_TEST(debug_console)
{
    ck_assert_uint_eq(in(0xe9, 1), 0xe9);
    out(0xe9, 'h', 1);
    out(0xe9, 'i', 1);
    ck_assert_str_eq(outside.sent, "hi");
}
END_TEST

START_TEST(after_a_bios)
{
    chipset_as_after_bios(pc);
    ck_assert_uint_eq(in(0x21, 1), 0xb8);
    ck_assert_uint_eq(in(0xa1, 1), 0x8f);
    ck_assert_uint_eq(in(0x64, 1) & 1, 0);
    advance(timers, 55 * NS_PER_MS);
    ck_assert(intr.level);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x08);
    out(0x60, 0xf2, 1); /* the keyboard interrupts */
    out(0x20, 0x20, 1);
    advance(timers, NS_PER_MS);
    ck_assert(intr.level);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x09);
}
END_TEST

/* However long the host is away in between. */
START_TEST(handlers_in_a_row_read_the_same_key)
{
    struct input_sink sink = i8042_sink(&pc->kbc);
    chipset_as_after_bios(pc);
    sink.key(sink.chip, 0x31, true);
    sink.key(sink.chip, 0x31, false);
    out(0x21, 0xf9, 1);
    advance(timers, NS_PER_MS);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x09);
    ck_assert_uint_eq(in(0x60, 1), 0x31);
    for (unsigned i = 0; i < 8; i++)
        advance(timers, 2 * NS_PER_MS);
    ck_assert_uint_eq(in(0x60, 1), 0x31);
    ck_assert(!intr.level);
    out(0x20, 0x20, 1);
    advance(timers, NS_PER_MS);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x09);
    ck_assert_uint_eq(in(0x60, 1), 0xb1);
}
END_TEST

/* By IRQ 2 of the bus, which is the second controller's input 1. */
START_TEST(vertical_retrace)
{
    chipset_reset(pc);
    chipset_as_after_bios(pc);
    out(0x21, 0xfb, 1);
    out(0xa1, 0xfd, 1);
    out(0x3d4, 0x8e11, 2);
    out(0x3d4, 0x9e11, 2);
    advance(timers, 20 * NS_PER_MS);
    ck_assert(intr.level);
    ck_assert_int_eq(chipset_acknowledge(pc), 0x71);
    out(0x46e8, 0, 1);
    ck_assert_uint_eq(in(0x3d5, 1), 0xff);
}
END_TEST

/* Lost timer ticks come again when the guest takes the ones before. */
START_TEST(a_late_tick_is_made_up_for)
{
    chipset_as_after_bios(pc);
    test_time += 165 * NS_PER_MS; /* three periods */
    timers_run(timers);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(intr.level);
        ck_assert_int_eq(chipset_acknowledge(pc), 0x08);
        out(0x20, 0x20, 1);
    }
    ck_assert(!intr.level);
}
END_TEST

START_TEST(what_is_not_used_takes_no_memory)
{
    unsigned char there[sizeof *pc / PAGE_SIZE + 1];
    size_t resident = 0;

    ck_assert_int_eq(mincore(pc, sizeof *pc, there), 0);
    for (size_t i = 0; i < sizeof there; i++)
        resident += there[i] & 1;
    ck_assert_uint_lt(resident, sizeof there / 4);
}
END_TEST

START_TEST(hostile_guest)
{
    static const unsigned sizes[] = {1, 2, 4, 1};
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t r = next_random(&state);
        uint16_t port = (uint16_t)(r & 0x1000 ? r & 0x4ff : next_random(&state) % 0x1100);
        unsigned size = sizes[r >> 16 & 3];
        if (r & 0x2000)
            out(port, next_random(&state) << 8 ^ next_random(&state), size);
        else
            ck_assert_uint_le(in(port, size), UINT32_MAX >> (32 - 8 * size));
        test_time += (uint64_t)1 << (next_random(&state) % 28);
        timers_run(timers);
        if (intr.level)
            ck_assert_uint_lt((unsigned)chipset_acknowledge(pc), 256);
        outside.text = "typed";
        chipset_poll_serial(pc);
        if (i % 1000 == 0)
            chipset_reset(pc);
    }
}
END_TEST

Suite *chipset_suite(void)
{
    Suite *suite = suite_create("chipset");
    TCase *c = tcase_create("chipset");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, nobody_there_reads_ones);
    tcase_add_test(c, wide_accesses_are_split);
    tcase_add_test(c, ranges_are_checked);
    tcase_add_test(c, pci_functions);
    tcase_add_test(c, pci_masks_writes);
    tcase_add_test(c, shadow_ram);
    tcase_add_test(c, shadow_ram_over_the_vga_rom);
    tcase_add_test(c, resets);
    tcase_add_test(c, a20_is_as_it_was_written_last);
    tcase_add_test(c, a20_is_on_by_reset);
    tcase_add_test(c, a20_outlives_other_bits);
    tcase_add_test(c, port_61);
    tcase_add_test(c, handlers_in_a_row_read_the_same_key);
    tcase_add_test(c, an_x87_error_interrupts_once);
    tcase_add_test(c, port_f0_ignores_errors_to_come);
    tcase_add_test(c, port_f0_ends_the_interrupt);
    tcase_add_loop_test(c, dma_registers_read_back, 0, 2);
    tcase_add_test(c, parallel_port);
    tcase_add_test(c, debug_console);
    tcase_add_test(c, after_a_bios);
    tcase_add_test(c, vertical_retrace);
    tcase_add_test(c, a_late_tick_is_made_up_for);
    tcase_add_test(c, what_is_not_used_takes_no_memory);
    tcase_add_loop_test(c, hostile_guest, 1, 7);
    suite_add_tcase(suite, c);
    return suite;
}
