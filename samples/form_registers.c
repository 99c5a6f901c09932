/* form_registers.c - what the office keeps by hand: flats, lifts, words for October. */
#include <stdio.h>

#include "samples/estate.h"
#include "samples/sheets.h"

static void titles(struct book *book, lxw_worksheet *sheet, const char *const *words,
                   int count)
{
    int i;

    for (i = 0; i < count; i++)
        worksheet_write_string(sheet, 0, (lxw_col_t)i, words[i], book->head);
}

static void households(const char *folder)
{
    static const char *const words[] = { "楼栋",     "单元数", "户数",
                                         "入住户数", "片区",   "起始日期" };
    static const int empty[BUILDINGS] = { 9, 12, 7, 10, 14, 8, 6, 11, 13, 9, 12, 15 };
    struct book book = book_open(folder, "家底_楼栋户数.xlsx");
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, "楼栋");
    char text[32];
    int i;

    titles(&book, sheet, words, 6);
    for (i = 1; i <= BUILDINGS; i++) {
        snprintf(text, sizeof text, "%d号楼", i);
        book_text(sheet, i, 0, text);
        book_number(sheet, i, 1, 2);
        book_number(sheet, i, 2, estate_floors(i) * 6);
        book_number(sheet, i, 3, estate_floors(i) * 6 - empty[i - 1]);
        book_text(sheet, i, 4, grid_words[(i - 1) / 4]);
        book_time(sheet, i, 5, clock_at(2024, 9, 1, 0, 0), book.date);
    }
    book_close(&book);
}

static void lifts(const char *folder)
{
    static const char *const words[] = { "设备编号", "名称", "设备类别", "楼栋",
                                         "投用日期" };
    struct book book = book_open(folder, "家底_电梯.xlsx");
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, "电梯");
    char text[64];
    int i;

    titles(&book, sheet, words, 5);
    for (i = 0; i < BUILDINGS * 2; i++) {
        int building = i / 2 + 1, lift = i % 2 + 1;

        snprintf(text, sizeof text, "DT-%02d-%d", building, lift);
        book_text(sheet, i + 1, 0, text);
        snprintf(text, sizeof text, "%d号楼%d号梯", building, lift);
        book_text(sheet, i + 1, 1, text);
        book_text(sheet, i + 1, 2, "电梯");
        snprintf(text, sizeof text, "%d号楼", building);
        book_text(sheet, i + 1, 3, text);
        book_time(sheet, i + 1, 4,
                  clock_at(2012 + building / 5, 3 + building % 4, 15, 0, 0), book.date);
    }
    book_close(&book);
}

static void statements(const char *folder)
{
    static const char *const words[] = { "月份", "栏目", "文字", "牵头部门", "撰写方" };
    static const char *const rows[][3] = {
        { "做了什么",
          "门禁：查明为 9 月 28 日系统升级所致，已退回旧版，10 月 26 日起恢复正常。",
          "工程部" },
        { "做了什么",
          "电梯：7 号楼 2 号梯 3 月更换制动器之后停运明显减少；同型号 5 台 11 月检修。",
          "工程部" },
        { "还欠什么",
          "屋面渗漏 3 件待维修资金表决，方案 11 月 20 日前公布，比答应的晚了 20 天，"
          "对不起。",
          "工程部" },
        { "下月提醒",
          "天冷后水管容易冻裂。11 月 15 日起免费检查外露水管，请到前台登记。",
          "工程部" },
    };
    struct book book = book_open(folder, "本月说明_2026年10月.xlsx");
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, "本月说明");
    int i;

    titles(&book, sheet, words, 5);
    for (i = 0; i < (int)(sizeof rows / sizeof rows[0]); i++) {
        book_text(sheet, i + 1, 0, "2026-10");
        book_text(sheet, i + 1, 1, rows[i][0]);
        book_text(sheet, i + 1, 2, rows[i][1]);
        book_text(sheet, i + 1, 3, rows[i][2]);
        book_text(sheet, i + 1, 4, "物业服务中心");
    }
    book_close(&book);
}

void form_registers(const char *folder)
{
    households(folder);
    lifts(folder);
    statements(folder);
}
