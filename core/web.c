/* web.c - looks an address over before it is printed for everybody. */
#include "core/web.h"

#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* "www.example.org" or "www.example.org:8080", up to the path; NULL = neither. */
static const char *after_host(const char *at)
{
    size_t length = strspn(at, LETTERS DIGITS ".-"), port;

    if (length == 0 || at[0] == '.' || at[0] == '-' || at[length - 1] == '.')
        return NULL;
    at += length;
    if (*at != ':')
        return at;
    port = strspn(at + 1, DIGITS);
    return port >= 1 && port <= 5 ? at + 1 + port : NULL;
}

const char *web_fault(const char *address)
{
    const char *at = address, *query;

    if (strncmp(at, "http://", 7) != 0 && strncmp(at, "https://", 8) != 0)
        return "要以 http:// 或 https:// 开头 (http or https)";
    if (strlen(address) > WEB_MOST)
        return "太长，最多 120 个字母 (too long)";
    if (address[strspn(address, LETTERS DIGITS "-._~:/?@!$&'()*+,;=%#[]")] != '\0')
        return "里有不能用的字：只用字母、数字和 - . _ ~ / ? & = % (letters)";
    if (strchr(address, '@') != NULL)
        return "里不能有用户名或邮箱 (user name)";
    if (strchr(address, '#') != NULL)
        return "里不能有 #：后面要接核对码 (fragment)";
    at = after_host(strstr(at, "//") + 2);
    if (at == NULL || (*at != '\0' && *at != '/' && *at != '?'))
        return "里的网站名看不懂 (host)";
    query = strchr(at, '?');
    if (query != NULL && query[strcspn(query, DIGITS)] != '\0')
        return "的 ? 后面不能有数字，免得印出房号或电话 (digits in the query)";
    return NULL;
}
