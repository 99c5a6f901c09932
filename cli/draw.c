/* draw.c - lots by hash, and the drawn cases as a listing and as a form. */
#include "cli/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/callbacks.h"
#include "cli/forms.h"
#include "core/calendar.h"
#include "core/hash.h"
#include "render/say.h"

enum { CELLS = 6, TAIL = 4, FIVE_POINTS = 5 };

struct lot {
    unsigned char hash[32];
    size_t index;
};

static int compare_lots(const void *left, const void *right)
{
    const struct lot *a = left, *b = right;
    int by = memcmp(a->hash, b->hash, sizeof a->hash);

    return by != 0 ? by : (a->index > b->index) - (a->index < b->index);
}

size_t draw_lots(const char *seed, const char *const *numbers, size_t count,
                 struct arena *memory, size_t *out, size_t most)
{
    struct lot *lots = arena_alloc(memory, (count + 1) * sizeof *lots);
    size_t drawn = count < most ? count : most, i;

    for (i = 0; i < count; i++) {
        const char *text = arena_printf(memory, "%s %s", seed, numbers[i]);

        hash_bytes(text, strlen(text), lots[i].hash);
        lots[i].index = i;
    }
    if (count > 1)
        qsort(lots, count, sizeof *lots, compare_lots);
    for (i = 0; i < drawn; i++)
        out[i] = lots[i].index;
    return drawn;
}

/* --- the drawn cases ----------------------------------------------------------------
 */
struct drawn {
    size_t count;
    const struct candidate *cases[DRAW_SAMPLE + DRAW_SPARES];
};

static const char *number_of(const struct facts *facts, uint32_t ticket)
{
    const uint32_t *numbers = facts->tickets.number;

    return numbers == NULL || numbers[ticket] == 0
               ? ""
               : facts->words->text[numbers[ticket]];
}

/* A case without a number cannot be found again: it is not drawn. */
static void draw_cases(const struct session *session, const struct figures *figures,
                       const char *seed, struct drawn *drawn)
{
    struct arena *memory = session->memory;
    size_t order[DRAW_SAMPLE + DRAW_SPARES], count, named = 0, i;
    const struct candidate *list, **cases;
    const char **numbers;

    callbacks_list(&figures->facts, &session->settings, figures->results, memory, &list,
                   &count);
    numbers = arena_alloc(memory, (count + 1) * sizeof *numbers);
    cases = arena_alloc(memory, (count + 1) * sizeof *cases);
    for (i = 0; i < count; i++) {
        numbers[named] = number_of(&figures->facts, list[i].ticket);
        cases[named] = &list[i];
        named += *numbers[named] != '\0';
    }
    drawn->count =
        draw_lots(seed, numbers, named, memory, order, sizeof order / sizeof order[0]);
    for (i = 0; i < drawn->count; i++)
        drawn->cases[i] = cases[order[i]];
}

static const char *sample_named(const struct session *session, int32_t month, size_t at)
{
    int year = (int)(month / 12), number = (int)(month % 12) + 1;

    if (at < DRAW_SAMPLE)
        return arena_printf(session->memory, "%04d%02d-%02zu", year, number, at + 1);
    return arena_printf(session->memory, "%04d%02d-备%02zu", year, number,
                        at + 1 - DRAW_SAMPLE);
}

/* The last four characters of the ticket's number.  Elsewhere the committee reads #n
 * (WORDING 5: cases by a number of their own); this list is the exception WORDING 5.1
 * makes, because the clerk has to find the very ticket among the firm's records while a
 * member looks on, and a number of the report's own could be put beside any ticket. */
static const char *tail_of(const char *number)
{
    const char *at = number + strlen(number);
    int left = TAIL;

    while (at > number && left > 0) {
        at--;
        left -= ((unsigned char)*at & 0xC0) != 0x80;
    }
    return at;
}

static const char *solved_words(const struct session *session,
                                const struct candidate *one)
{
    return wording_get(session->wording, one->solved == SAID_YES  ? "callbacks.solved"
                                         : one->solved == SAID_NO ? "callbacks.unsolved"
                                                                  : "callbacks.done");
}

/* Only points of five can be held against what the owner is asked for. */
static const char *visited_words(const struct session *session,
                                 const struct candidate *one)
{
    bool rated = RATING_SCALE(one->rating) == FIVE_POINTS;
    const char *key = one->visited
                          ? rated ? "callbacks.visited.rated" : "callbacks.visited"
                      : rated ? "callbacks.unvisited.rated"
                              : "callbacks.unvisited";

    return wording_say(session->wording, session->memory, key, "n",
                       arena_printf(session->memory, "%d", RATING_SCORE(one->rating)),
                       NULL);
}

/* In the order of the form's first columns. */
static void words_of_case(const struct session *session, const struct figures *figures,
                          const struct drawn *drawn, size_t at,
                          const char *cells[CELLS])
{
    const struct facts *facts = &figures->facts;
    const struct candidate *one = drawn->cases[at];
    const uint32_t *subject = facts->tickets.category;

    cells[0] = sample_named(session, figures->results->month, at);
    cells[1] = tail_of(number_of(facts, one->ticket));
    cells[2] = subject == NULL || subject[one->ticket] == 0
                   ? "—"
                   : facts->words->text[subject[one->ticket]];
    cells[3] = say_day(session->wording, session->memory,
                       (int32_t)(one->completed / DAY_SECONDS), false);
    cells[4] = solved_words(session, one);
    cells[5] = visited_words(session, one);
}

/* --- on the page --------------------------------------------------------------------
 */
static void add_seed(const char *seed, struct arena *memory, struct results *view)
{
    static const char *const title[] = { "callbacks.seed" };
    struct value *cell = arena_alloc(memory, sizeof *cell);
    struct listing listing = { .name = "callbacks.seed",
                               .columns = 1,
                               .rows = 1,
                               .cells = cell,
                               .titles = title };

    *cell = (struct value){ VALUE_TEXT, seed, NAN };
    results_add_listing(view, &listing);
}

void draw_add(const struct session *session, const struct figures *figures,
              enum draw draw, const char *seed, struct results *view)
{
    static const char *const titles[CELLS] = {
        "callbacks.sample", "callbacks.tail",     "callbacks.subject",
        "callbacks.when",   "callbacks.resolved", "callbacks.revisit"
    };
    struct arena *memory = session->memory;
    const char *cells[CELLS];
    struct value *values =
        arena_alloc(memory, (DRAW_SAMPLE + DRAW_SPARES) * CELLS * sizeof *values);
    struct listing listing = { .name =
                                   draw == DRAW_NOW ? "callbacks" : "callbacks.before",
                               .columns = CELLS,
                               .cells = values,
                               .titles = titles };
    struct drawn drawn = { 0 };
    size_t c;

    if (draw == DRAW_NOT)
        return;
    if (draw == DRAW_NOW)
        draw_cases(session, figures, seed, &drawn);
    for (; listing.rows < drawn.count; listing.rows++) {
        words_of_case(session, figures, &drawn, listing.rows, cells);
        for (c = 0; c < CELLS; c++)
            values[listing.rows * CELLS + c] =
                (struct value){ VALUE_TEXT, cells[c], NAN };
    }
    results_add_listing(view, &listing);
    if (draw == DRAW_NOW)
        add_seed(seed, memory, view);
}

/* --- to be filled in ----------------------------------------------------------------
 */
enum status draw_form(const struct session *session, const struct figures *figures,
                      const char *seed, const char *folder, struct error *err)
{
    struct arena *memory = session->memory;
    struct drawn drawn = { 0 };
    const char *const **rows;
    struct forms forms;
    size_t i;
    int first;

    draw_cases(session, figures, seed, &drawn);
    if (drawn.count == 0)
        return HY_OK;
    TRY(forms_load(session, &forms, err));
    first = forms_find(&forms, "audit");
    if (first < 0)
        return fail(err, HY_CONFIG, "%s/forms.tsv：没有 audit 这张表 (no such form)",
                    session->templates);
    rows = arena_alloc(memory, drawn.count * sizeof *rows);
    for (i = 0; i < drawn.count; i++) {
        const char **cells = arena_alloc(memory, CELLS * sizeof *cells);

        words_of_case(session, figures, &drawn, i, cells);
        rows[i] = cells;
    }
    return forms_fill(session, &forms, (size_t)first, rows, drawn.count, CELLS,
                      figures->results->cutoff,
                      arena_printf(memory, "%s/%s-内部.xlsx", folder,
                                   forms.columns[first].book),
                      err);
}
