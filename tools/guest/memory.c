/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boot loader's memory map (Multiboot 0.6.96, 3.3), and paging (SDM vol. 3, 4.3). */
#include "guest.h"

struct multiboot_info {
    u32 flags;
    u32 mem_lower, mem_upper; /* KiB */
    u32 boot_device;
    u32 cmdline;
    u32 mods_count, mods_addr;
    u32 syms[4];
    u32 mmap_length, mmap_addr;
};

struct __attribute__((packed)) multiboot_range {
    u32 size; /* of what follows */
    u64 base, length;
    u32 type; /* 1: RAM */
};

enum { LOADER_MAGIC = 0x2badb002, INFO_MEMORY = 1 << 0, INFO_CMDLINE = 1 << 2, INFO_MMAP = 1 << 6 };

enum { PAGE = 4096, TABLES = 16, ENTRIES = 1024, PRESENT = 1, WRITABLE = 2, ACCESSED = 0x20 };
enum { ERROR_PRESENT = 1, CR0_WP_PG = (int)0x80010000 };

enum { RANGES = 16, LINE = 256 };

static u32 mem_lower, mem_upper;
static struct multiboot_range ranges[RANGES];
static u32 range_count;
static char command_line[LINE];

static u32 page_directory[ENTRIES] __attribute__((aligned(PAGE)));
static u32 page_tables[TABLES][ENTRIES] __attribute__((aligned(PAGE)));
static u32 lazy_table[ENTRIES] __attribute__((aligned(PAGE)));
static u8 lazy_frames[16][PAGE] __attribute__((aligned(PAGE)));

static void keep_map(const struct multiboot_info *info)
{
    u32 at = info->mmap_addr;
    u32 end = at + info->mmap_length;
    while (at < end && range_count < RANGES) {
        const struct multiboot_range *range = (const void *)at;
        ranges[range_count++] = *range;
        at += range->size + sizeof(range->size);
    }
}

void memory_init(u32 magic, const void *from)
{
    const struct multiboot_info *info = from;
    if (magic != LOADER_MAGIC)
        return;
    if (info->flags & INFO_MEMORY) {
        mem_lower = info->mem_lower;
        mem_upper = info->mem_upper;
    }
    if (info->flags & INFO_CMDLINE) {
        const char *text = (const void *)info->cmdline;
        for (u32 i = 0; i < LINE - 1 && text[i]; i++)
            command_line[i] = text[i];
    }
    if (info->flags & INFO_MMAP)
        keep_map(info);
}

const char *memory_command_line(void)
{
    return command_line;
}

void memory_report(void)
{
    print("memory: %u KiB low, %u KiB above 1 MiB; the guest ends at %08x\n", mem_lower, mem_upper,
          (u32)guest_end);
    for (u32 i = 0; i < range_count; i++) {
        const struct multiboot_range *r = &ranges[i];
        u64 last = r->base + r->length - 1;
        print("  %02x%08x..%02x%08x %s\n", (u32)(r->base >> 32), (u32)r->base, (u32)(last >> 32),
              (u32)last, r->type == 1 ? "RAM" : "reserved");
    }
}

void paging_init(void)
{
    u32 address = 0;
    for (u32 t = 0; t < TABLES; t++) {
        for (u32 i = 0; i < ENTRIES; i++, address += PAGE)
            page_tables[t][i] = address | PRESENT | WRITABLE;
        page_directory[t] = (u32)page_tables[t] | PRESENT | WRITABLE;
    }
    page_tables[0][0] = 0;
    page_directory[LAZY_BASE >> 22] = (u32)lazy_table | PRESENT | WRITABLE;
    u32 cr0;
    __asm__ volatile("mov %0, %%cr3" : : "r"(page_directory) : "memory");
    __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("mov %0, %%cr0" : : "r"(cr0 | CR0_WP_PG) : "memory");
}

bool paging_fault(u32 address, u32 error)
{
    u32 page = (address - LAZY_BASE) / PAGE;
    if (page >= LAZY_PAGES || (error & ERROR_PRESENT))
        return false;
    lazy_table[page] = (u32)lazy_frames[page % 16] | PRESENT | WRITABLE;
    return true;
}

u32 paging_forget_lazy(void)
{
    u32 used = 0;
    for (u32 i = 0; i < LAZY_PAGES; i++) {
        used += (lazy_table[i] & ACCESSED) != 0;
        lazy_table[i] = 0;
        __asm__ volatile("invlpg (%0)" : : "r"(LAZY_BASE + i * PAGE) : "memory");
    }
    return used;
}
