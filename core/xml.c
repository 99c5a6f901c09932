/* xml.c - XML as events within limits; the only user of expat. */
#include "core/xml.h"

#include <stdlib.h>
#include <string.h>

#include <expat.h>

/* expat stops entity bombs by itself, not depth or size (PROMISES finding 7:
 * 9 MB of "<a><a>..." took 470 MB). */
enum {
    DEPTH_MOST = 64,
    TOKEN_LARGEST = 8 * 1024 * 1024 /* one tag, comment or the like */
};

struct xml {
    XML_Parser parser;
    struct xml_events events;
    void *self;
    unsigned depth;
    size_t since_event; /* bytes fed since the last event */
    enum status status; /* of the handler that stopped */
    struct error err;
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon == NULL ? name : colon + 1;
}

static void stop(struct xml *xml, enum status status)
{
    xml->status = status;
    (void)XML_StopParser(xml->parser, status == HY_END ? XML_TRUE : XML_FALSE);
}

/* After a stop expat may still deliver the end of an empty element: it counts,
 * but must not overwrite the reason of the stop with success. */
static void settle(struct xml *xml, enum status status)
{
    if (status == HY_OK || (xml->status != HY_OK && xml->status != HY_END))
        return;
    if (xml->status == HY_END && status == HY_END)
        return;
    stop(xml, status);
}

static void XMLCALL on_start(void *self, const XML_Char *name,
                             const XML_Char **attributes)
{
    struct xml *xml = self;

    xml->since_event = 0;
    if (++xml->depth > DEPTH_MOST) {
        settle(xml,
               fail(&xml->err, HY_DATA, "XML 嵌套超过 %d 层，不予读取", DEPTH_MOST));
        return;
    }
    if (xml->events.start != NULL)
        settle(xml, xml->events.start(xml->self, local_name(name),
                                      (const char **)attributes, &xml->err));
}

static void XMLCALL on_end(void *self, const XML_Char *name)
{
    struct xml *xml = self;

    xml->since_event = 0;
    xml->depth--;
    if (xml->status != HY_OK && xml->status != HY_END)
        return;
    if (xml->events.end != NULL)
        settle(xml, xml->events.end(xml->self, local_name(name), &xml->err));
}

static void XMLCALL on_text(void *self, const XML_Char *text, int length)
{
    struct xml *xml = self;

    xml->since_event = 0;
    if (xml->status != HY_OK && xml->status != HY_END)
        return;
    if (xml->events.text != NULL)
        settle(xml, xml->events.text(xml->self, text, (size_t)length, &xml->err));
}

static void XMLCALL on_other(void *self, const XML_Char *text, int length)
{
    struct xml *xml = self;

    (void)text;
    (void)length;
    xml->since_event = 0;
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public_id, int internal)
{
    struct xml *xml = self;

    (void)name;
    (void)system;
    (void)public_id;
    (void)internal;
    settle(xml, fail(&xml->err, HY_DATA, "XML 里有 DOCTYPE，不予读取"));
}

enum status xml_open(struct xml **out, const struct xml_events *events, void *self,
                     struct error *err)
{
    struct xml *xml = calloc(1, sizeof *xml);

    *out = NULL;
    if (xml == NULL)
        return fail(err, HY_MEMORY, "内存不足");
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser == NULL) {
        free(xml);
        return fail(err, HY_MEMORY, "内存不足");
    }
    xml->events = *events;
    xml->self = self;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetDefaultHandler(xml->parser, on_other);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    *out = xml;
    return HY_OK;
}

static enum status answer(struct xml *xml, enum XML_Status result, struct error *err)
{
    enum XML_Error code = XML_GetErrorCode(xml->parser);

    if (xml->status != HY_OK && xml->status != HY_END) {
        *err = xml->err;
        return xml->status;
    }
    if (result == XML_STATUS_SUSPENDED)
        return HY_END;
    if (result == XML_STATUS_OK)
        return HY_OK;
    if (code == XML_ERROR_NO_MEMORY)
        return fail(err, HY_MEMORY, "内存不足");
    return fail(err, HY_DATA, "XML 第 %lu 行读不下去（%s）：文件已损坏，请重新导出",
                (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                XML_ErrorString(code));
}

enum status xml_feed(struct xml *xml, const char *bytes, size_t length, bool last,
                     struct error *err)
{
    XML_ParsingStatus state;

    if (xml->status != HY_OK && xml->status != HY_END) {
        *err = xml->err;
        return xml->status;
    }
    XML_GetParsingStatus(xml->parser, &state);
    if (state.parsing == XML_SUSPENDED) {
        xml->status = HY_OK;
        return answer(xml, XML_ResumeParser(xml->parser), err);
    }
    if (state.parsing == XML_FINISHED)
        return HY_OK;
    xml->status = HY_OK;
    xml->since_event += length;
    if (xml->since_event > TOKEN_LARGEST) {
        xml->status = fail(&xml->err, HY_DATA, "XML 里有一段超过 8 MB，不予读取");
        *err = xml->err;
        return xml->status;
    }
    return answer(xml, XML_Parse(xml->parser, bytes, (int)length, last), err);
}

void xml_close(struct xml *xml)
{
    if (xml == NULL)
        return;
    XML_ParserFree(xml->parser);
    free(xml);
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(local_name(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}
