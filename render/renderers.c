/* renderers.c - the formats a document can take; one row each. */
#include "render/renderer.h"

#include <string.h>

extern const struct renderer render_pdf;
extern const struct renderer render_xlsx;
extern const struct renderer render_html;
extern const struct renderer render_png;
extern const struct renderer render_txt;

static const struct renderer *const renderers[] = {
    &render_pdf, &render_xlsx, &render_html, &render_png, &render_txt,
};

const struct renderer *const *renderers_all(size_t *count)
{
    *count = sizeof renderers / sizeof renderers[0];
    return renderers;
}

const struct renderer *renderer_named(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof renderers / sizeof renderers[0]; i++)
        if (strcmp(renderers[i]->name, name) == 0)
            return renderers[i];
    return NULL;
}
