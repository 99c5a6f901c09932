/*
 * generate.c - invented tickets of any number for measuring: the same seed, the same
 * bytes.
 *
 *   generate [-n ROWS] [-s SEED] [-f csv|jsonl] [-e utf-8|gb18030] [-d PERMILLE]
 *
 * Writes to standard output.  22 columns, about 360 bytes a row in UTF-8; one text in
 * six has a comma, a quote or a line end of its own; -d rows in a thousand (10) are an
 * earlier ticket again, in a later state.  A row depends on seed and number alone.
 */
#include <iconv.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    COLUMNS = 22,
    CELL = 640,
    LINE = 32 * 1024,
    MINUTES_A_DAY = 1440,
    FIRST_DAY = 19723, /* 2024-01-01 */
    DAYS = 731
};

enum column {
    NUMBER,
    CHANNEL,
    NATURE,
    CATEGORY,
    URGENCY,
    COMMUNITY,
    BUILDING,
    ROOM,
    NAME,
    PHONE,
    TEXT,
    DEPARTMENT,
    HANDLER,
    RECEIVED,
    RESPONDED,
    DISPATCHED,
    COMPLETED,
    CLOSED,
    REVISITED,
    RATING,
    STATUS,
    TRAIL
};

static const char *const titles[COLUMNS] = {
    "工单编号", "受理渠道", "工单性质", "事项类别", "紧急程度", "小区",
    "楼栋",     "房号",     "业主姓名", "联系电话", "问题描述", "责任部门",
    "处理人",   "受理时间", "响应时间", "派单时间", "完成时间", "关闭时间",
    "回访时间", "满意度",   "工单状态", "流转记录"
};

struct choice {
    const char *word;
    int weight;
};
static const struct choice channels[] = { { "电话", 40 },    { "微信小程序", 26 },
                                          { "业主APP", 18 }, { "前台来访", 10 },
                                          { "网格巡查", 4 }, { "12345转办", 2 },
                                          { NULL, 0 } };
static const struct choice natures[] = { { "报修", 57 }, { "投诉", 20 }, { "咨询", 15 },
                                         { "建议", 6 },  { "表扬", 2 },  { NULL, 0 } };
static const struct choice urgencies[] = {
    { "一般", 81 }, { "紧急", 16 }, { "特急", 3 }, { NULL, 0 }
};
static const struct choice ratings[] = { { "非常满意", 27 },  { "满意", 44 },
                                         { "一般", 14 },      { "不满意", 8 },
                                         { "非常不满意", 3 }, { "", 4 },
                                         { NULL, 0 } };
static const struct choice departments[] = { { "工程部", 46 }, { "环境部", 18 },
                                             { "秩序部", 14 }, { "客服部", 12 },
                                             { "绿化部", 5 },  { "外包维保", 5 },
                                             { NULL, 0 } };
static const char *const subjects[] = {
    "电梯困人", "电梯异响", "路灯不亮",   "水管漏水", "下水堵塞", "门禁失灵",
    "车位被占", "噪音扰民", "垃圾未清",   "停水",     "停电",     "消防栓缺件",
    "外墙渗水", "对讲不通", "楼道灯坏",   "保洁不净", "宠物粪便", "高空抛物",
    "绿化枯死", "蚊虫太多", "道闸不抬",   "快递柜满", "费用咨询", "开发票",
    "装修登记", "屋顶漏水", "阳台返水",   "长椅损坏", "监控死角", "充电桩坏",
    "滑梯破损", "井盖松动", "路面坑洼",   "雨棚破损", "玻璃开裂", "暖气不热",
    "油烟倒灌", "违章搭建", "占用消防道", "门锁损坏"
};
static const char *const communities[] = { "听雨轩",   "晴川里", "望山居", "临江苑",
                                           "桂花园",   "北辰里", "南亭",   "梧桐院",
                                           "青石巷",   "云起台", "双桥里", "长风苑",
                                           "落霞小区", "松间里", "平湖居", "半山亭" };
static const char *const phrases[] = {
    "业主来电反映", "家中",         "楼下",           "单元门口",     "地下车库",
    "已经三天",     "多次报修未果", "希望尽快安排",   "影响出行",     "晚上十点以后",
    "老人行动不便", "请师傅上门",   "上次修过又坏了", "有安全隐患",   "漏到楼下邻居",
    "请给明确答复", "公共区域",     "轿厢内",         "异响严重",     "按钮失灵",
    "灯一直不亮",   "味道很大",     "地面积水",       "小孩容易摔倒", "请核实后回复",
    "要求当面沟通", "周末可预约",   "本人在家",       "联系不上管家", "要求书面说明原因"
};
static const char *const family[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵",
                                      "吴", "周", "徐", "孙", "马", "朱", "胡", "郭" };
static const char *const given[] = { "伟", "芳", "娜",   "敏",   "静",   "丽",   "强",
                                     "磊", "军", "秀英", "建国", "志强", "玉兰", "俊" };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct making {
    uint64_t state, seed;
    long rows, again;
    char cells[COLUMNS][CELL];
};

static uint64_t draw(struct making *m) /* splitmix64 */
{
    uint64_t z = (m->state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static double share(struct making *m)
{
    return (double)(draw(m) >> 11) / 9007199254740992.0;
}

static int below(struct making *m, size_t limit)
{
    return (int)((draw(m) >> 33) % limit);
}

/* Small numbers are common, large ones rare. */
static int skewed(struct making *m, size_t limit)
{
    double u = share(m);

    return (int)(u * u * (double)limit);
}

static const char *chosen(struct making *m, const struct choice *choices)
{
    int total = 0, at, i;

    for (i = 0; choices[i].word != NULL; i++)
        total += choices[i].weight;
    at = below(m, (size_t)total);
    for (i = 0; at >= choices[i].weight; i++)
        at -= choices[i].weight;
    return choices[i].word;
}

/* Minutes of a wait: mostly short, at times very long. */
static long wait(struct making *m, double middle, double spread)
{
    double sum = 0;

    for (int i = 0; i < 6; i++)
        sum += share(m);
    return 1 + (long)exp(log(middle) + spread * (sum - 3) * 1.414);
}

static void say(struct making *m, enum column column, const char *text)
{
    (void)snprintf(m->cells[column], CELL, "%s", text);
}

static void civil(long day, int *year, int *month, int *date)
{
    long z = day + 719468, era = z / 146097, doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *date = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

static void say_time(struct making *m, enum column column, long minute)
{
    int year, month, date;

    civil(minute / MINUTES_A_DAY, &year, &month, &date);
    (void)snprintf(m->cells[column], CELL, "%d/%d/%d %ld:%02ld", year, month, date,
                   minute % MINUTES_A_DAY / 60, minute % 60);
}

static void say_text(struct making *m, const char *subject)
{
    char *at = m->cells[TEXT], *end = at + CELL;
    int i, count = 4 + below(m, 5);

    at += snprintf(at, (size_t)(end - at), "%s", subject);
    for (i = 0; i < count; i++) {
        int kind = below(m, 1000);
        const char *between = kind < 965   ? "，"
                              : kind < 980 ? ","
                              : kind < 988 ? "\n"
                                           : "\"";

        at += snprintf(at, (size_t)(end - at), "%s%s", between,
                       phrases[below(m, COUNT(phrases))]);
    }
}

static void say_people(struct making *m, const char *department)
{
    static const int nets[] = { 138, 139, 135, 136, 150, 158, 186, 189, 177, 133 };
    int person = skewed(m, 24);

    (void)snprintf(m->cells[BUILDING], CELL, "%d号楼", 1 + below(m, 30));
    (void)snprintf(m->cells[ROOM], CELL, "%d-%d%02d", 1 + below(m, 3), 1 + below(m, 32),
                   1 + below(m, 4));
    (void)snprintf(m->cells[NAME], CELL, "%s%s", family[below(m, COUNT(family))],
                   given[below(m, COUNT(given))]);
    (void)snprintf(m->cells[PHONE], CELL, "%d%08d", nets[below(m, COUNT(nets))],
                   below(m, 100000000));
    (void)snprintf(m->cells[HANDLER], CELL, "%s%s",
                   family[(size_t)(person + department[3]) % COUNT(family)],
                   given[(size_t)person % COUNT(given)]);
    bool again = below(m, 100) < 12;
    (void)snprintf(m->cells[TRAIL], CELL, "客服部>%s%s%s", department, again ? ">" : "",
                   again ? chosen(m, departments) : "");
}

static void say_times(struct making *m, long received, bool later)
{
    long responded = received + wait(m, 5, 1.0);
    long dispatched = responded + wait(m, 9, 1.1);
    long done = dispatched + wait(m, 14 * 60, 1.1);
    long last = (FIRST_DAY + DAYS) * (long)MINUTES_A_DAY;
    int fate = below(m, 1000);

    say_time(m, RECEIVED, received);
    say_time(m, RESPONDED, responded);
    if (fate < 4 && !later) {
        say(m, STATUS, "待派单");
        return;
    }
    say_time(m, DISPATCHED, dispatched);
    if ((fate < 40 && !later) || done > last) {
        say(m, STATUS, "处理中");
        return;
    }
    say_time(m, COMPLETED, done);
    say(m, STATUS, fate < 48 ? "待回访" : "已关闭");
    if (fate < 48)
        return;
    say_time(m, CLOSED, done + wait(m, 150, 1.2));
    if (below(m, 100) < 90) {
        say_time(m, REVISITED, done + 60 + wait(m, 730, 0.6));
        say(m, RATING, chosen(m, ratings));
    }
}

static void make_row(struct making *m, long row)
{
    const char *subject = subjects[0], *department = departments[0].word;
    long id = row, day, received;
    int year, month, date, i;
    bool later = false;

    m->state = m->seed * UINT64_C(0x2545F4914F6CDD1D) + (uint64_t)row;
    if (row > 2000 && below(m, 1000) < m->again) {
        id = row - 1 - below(m, 2000);
        later = true;
    }
    m->state = m->seed * UINT64_C(0x2545F4914F6CDD1D) + ~(uint64_t)id;
    for (i = 0; i < COLUMNS; i++)
        m->cells[i][0] = '\0';
    day = FIRST_DAY + (long)((double)id / (double)m->rows * DAYS);
    received = day * MINUTES_A_DAY + 8 * 60 + (long)((share(m) + share(m)) * 360);
    civil(day, &year, &month, &date);
    (void)snprintf(m->cells[NUMBER], CELL, "WY%04d%02d%02d-%08ld", year, month, date,
                   id + 1);
    subject = subjects[skewed(m, COUNT(subjects))];
    department = chosen(m, departments);
    say(m, CHANNEL, chosen(m, channels));
    say(m, NATURE, chosen(m, natures));
    say(m, CATEGORY, subject);
    say(m, URGENCY, chosen(m, urgencies));
    say(m, COMMUNITY, communities[skewed(m, COUNT(communities))]);
    say(m, DEPARTMENT, department);
    say_text(m, subject);
    say_people(m, department);
    say_times(m, received, later);
}

static char *csv_cell(char *at, const char *text)
{
    bool quoted = strpbrk(text, ",\"\n\r") != NULL;

    if (quoted)
        *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *at++ = '"';
        *at++ = *text;
    }
    if (quoted)
        *at++ = '"';
    return at;
}

static char *json_string(char *at, const char *text)
{
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\' || *text == '\n')
            *at++ = '\\';
        *at++ = *text == '\n' ? 'n' : *text;
    }
    *at++ = '"';
    return at;
}

static size_t csv_line(char *line, const char *const *cells)
{
    char *at = line;

    for (int i = 0; i < COLUMNS; i++) {
        if (i > 0)
            *at++ = ',';
        at = csv_cell(at, cells[i]);
    }
    *at++ = '\r';
    *at++ = '\n';
    return (size_t)(at - line);
}

static size_t json_line(char *line, const char *const *cells)
{
    char *at = line;

    *at++ = '{';
    for (int i = 0; i < COLUMNS; i++) {
        if (i > 0)
            *at++ = ',';
        at = json_string(at, titles[i]);
        *at++ = ':';
        at = json_string(at, cells[i]);
    }
    *at++ = '}';
    *at++ = '\n';
    return (size_t)(at - line);
}

static void write_line(iconv_t convert, char *line, size_t length)
{
    static char other[LINE];
    char *to = other;
    size_t room = sizeof other;

    if (convert != (iconv_t)-1) {
        if (iconv(convert, &line, &length, &to, &room) == (size_t)-1)
            exit(1);
        line = other;
        length = (size_t)(to - other);
    }
    if (fwrite(line, 1, length, stdout) != length)
        exit(1);
}

int main(int count, char **words)
{
    static struct making m = { .seed = 1, .rows = 1000, .again = 10 };
    static char line[LINE];
    iconv_t convert = (iconv_t)-1;
    const char *cells[COLUMNS];
    bool json = false;
    int option;

    while ((option = getopt(count, words, "n:s:f:e:d:")) != -1) {
        if (option == 'n')
            m.rows = atol(optarg);
        else if (option == 's')
            m.seed = strtoull(optarg, NULL, 10);
        else if (option == 'f')
            json = strcmp(optarg, "jsonl") == 0;
        else if (option == 'd')
            m.again = atol(optarg);
        else if (option == 'e' && strcmp(optarg, "gb18030") == 0)
            convert = iconv_open("GB18030", "UTF-8");
        else if (option != 'e')
            return 64;
    }
    for (int i = 0; i < COLUMNS; i++)
        cells[i] = m.cells[i];
    if (!json)
        write_line(convert, line, csv_line(line, titles));
    for (long row = 0; row < m.rows; row++) {
        make_row(&m, row);
        write_line(convert, line,
                   json ? json_line(line, cells) : csv_line(line, cells));
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
