/* store_sql.c - every SQL sentence of the store, and what SQLite's answers mean. */
#include "core/store_internal.h"

#include <string.h>

#define TICKET_LIST                                                                    \
    "id,part,row_no,versions,row_hash,raw_hash,latest,fields,received_at,recorded_at," \
    "responded_at,"                                                                    \
    "dispatched_at,accepted_at,arrived_at,due_at,first_completed_at,reopened_at,"      \
    "completed_at,closed_at,revisited_at,appointed_at,paused_at,resumed_at,"           \
    "occurred_at,updated_at,voided_at,date_only,nature,channel,status,urgency,flags,"  \
    "category1,category2,outcome,department,place,grid,room,asset,contact,recorder,"   \
    "handler,visitor,revisit_outcome,rating_resident,rating_staff,due_first,"          \
    "nature_first,urgency_first,department_first,way"
#define STATED_LIST                                                              \
    "transfers,returns,reopens,redispatches,urges,extensions,duration,modified," \
    "rating_speed,rating_attitude,rating_quality"
#define TEXT_LIST "subject,content,result,revisit,remark,address,trail,door"
#define CALL_LIST                                                                 \
    "start,answer,finish,queued,wait,talk,duration,billed,direction,disposition," \
    "answered_by,hangup_by,contact,agent,queue,line"
/* All places a row was seen: those of `sighting` and the ticket's own. */
#define PART_PLACE                                                  \
    " JOIN part p ON p.id=s.part JOIN source_file f ON f.id=p.file" \
    " JOIN source r ON r.id=p.source "

static const char *const queries[QUERY_COUNT] = {
    [Q_BEGIN] = "BEGIN IMMEDIATE",
    [Q_COMMIT] = "COMMIT",
    [Q_ROLLBACK] = "ROLLBACK",
    [Q_DEFER] = "PRAGMA defer_foreign_keys=ON",

    [Q_TERM_FIND] = "SELECT id FROM term WHERE domain=?1 AND text=?3",
    [Q_TERM_ADD] = "INSERT INTO term(domain,text) VALUES(?1,?3)",
    [Q_PLACE_FIND] = "SELECT id FROM place WHERE parent=?1 AND level=?2 AND name=?3",
    [Q_PLACE_ADD] = "INSERT INTO place(parent,level,name) VALUES(?1,?2,?3)",
    [Q_STAFF_FIND] = "SELECT id FROM staff WHERE code=?3",
    [Q_STAFF_ADD] = "INSERT INTO staff(code) VALUES(?3)",
    [Q_ASSET_FIND] = "SELECT id FROM asset WHERE place=?1 AND code=?3 AND name=?4",
    [Q_ASSET_ADD] = "INSERT INTO asset(place,code,name) VALUES(?1,?3,?4)",
    [Q_FORM_FIND] =
        "SELECT id FROM number_form WHERE series=?4 AND prefix=?3 AND digits=?1",
    [Q_FORM_ADD] = "INSERT INTO number_form(series,prefix,digits) SELECT ?4,?3,?1"
                   " WHERE (SELECT count(*) FROM number_form)<65535",
    [Q_KEY_FIND] = "SELECT id FROM ticket_key WHERE series=?4 AND number=?3",
    [Q_KEY_ADD] = "INSERT INTO ticket_key(series,number) VALUES(?4,?3)"
                  " ON CONFLICT DO NOTHING",
    [Q_SOURCE_FIND] = "SELECT id FROM source WHERE name=?3 AND series=?4 AND kind=?1",
    [Q_SOURCE_ADD] = "INSERT INTO source(name,series,kind) VALUES(?3,?4,?1)",
    [Q_CALL_FIND] = "SELECT id FROM call WHERE source=?1 AND number=?3",
    [Q_CALL_ADD] =
        "INSERT INTO call(source,number,part,row_no,row_hash,start,direction,"
        "disposition,answered_by) VALUES(?1,?3,?5,?6,?7,0,4,6,0) ON CONFLICT DO "
        "NOTHING",
    [Q_REGISTER_FIND] = "SELECT id FROM register_row WHERE source=?1 AND number=?3",
    [Q_REGISTER_ADD] =
        "INSERT INTO register_row(kind,source,number,part,row_no,row_hash,body)"
        " VALUES(?2,?1,?3,?5,?6,?7,'')",

    [Q_TERM_TEXT] = "SELECT text FROM term WHERE id=?",
    [Q_PLACE_TEXT] = "SELECT parent,level,name FROM place WHERE id=?",
    [Q_STAFF_TEXT] = "SELECT code FROM staff WHERE id=?",
    [Q_ASSET_TEXT] = "SELECT code,name FROM asset WHERE id=?",
    [Q_FORM_TEXT] = "SELECT series,prefix,digits FROM number_form WHERE id=?",
    [Q_KEY_TEXT] = "SELECT series,number FROM ticket_key WHERE id=?",

    [Q_TICKET_HEAD] = "SELECT versions,row_hash,part,row_no FROM ticket WHERE id=?",
    [Q_TICKET_READ] = "SELECT " TICKET_LIST "," STATED_LIST "," TEXT_LIST
                      " FROM ticket LEFT JOIN ticket_stated USING(id)"
                      " LEFT JOIN ticket_text USING(id) WHERE id=?",
    [Q_TICKET_REFS] = "SELECT kind,number FROM ticket_ref WHERE ticket=?",
    [Q_TICKET_ADD] =
        "INSERT INTO ticket(" TICKET_LIST
        ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
        "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
    [Q_TICKET_MOVE] = "UPDATE ticket SET part=?2,row_no=?3 WHERE id=?1",
    [Q_TICKET_VERSIONS] =
        "UPDATE ticket SET versions=?2,raw_hash=NULL,latest=NULL WHERE id=?1",
    [Q_STATED_ADD] =
        "INSERT INTO ticket_stated(id," STATED_LIST ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
    [Q_TEXT_ADD] =
        "INSERT INTO ticket_text(id," TEXT_LIST ") VALUES(?,?,?,?,?,?,?,?,?)",
    [Q_REF_ADD] = "INSERT INTO ticket_ref(ticket,kind,number) VALUES(?,?,?)",
    [Q_EVENT_ADD] =
        "INSERT INTO event(ticket,kind,at,seq,from_department,to_department,origin)"
        " VALUES(?,?,?,?,?,?,?)",
    [Q_HISTORY_ADD] =
        "INSERT INTO ticket_history(ticket,seq,field,old,new,old_as_of,new_as_of,part)"
        " VALUES(?,?,?,?,?,?,?,?)",
    [Q_TICKET_DROP] = "DELETE FROM ticket WHERE id=?",
    [Q_STATED_DROP] = "DELETE FROM ticket_stated WHERE id=?",
    [Q_TEXT_DROP] = "DELETE FROM ticket_text WHERE id=?",
    [Q_REF_DROP] = "DELETE FROM ticket_ref WHERE ticket=?",
    [Q_EVENT_DROP] = "DELETE FROM event WHERE ticket=? AND origin<>1",
    [Q_HISTORY_DROP] = "DELETE FROM ticket_history WHERE ticket=?",

    [Q_CONTRIBUTION_ADD] =
        "INSERT OR IGNORE INTO contribution(kind,entity,row_hash,body) VALUES(?,?,?,?)",
    [Q_CONTRIBUTION_HAS] =
        "SELECT 1 FROM contribution WHERE kind=? AND entity=? AND row_hash=?",
    [Q_CONTRIBUTION_COUNT] =
        "SELECT count(*) FROM contribution WHERE kind=? AND entity=?",
    [Q_CONTRIBUTION_PRUNE] =
        "DELETE FROM contribution WHERE kind=?1 AND entity=?2 AND row_hash NOT IN"
        " (SELECT row_hash FROM sighting WHERE kind=?1 AND entity=?2)",
    [Q_CONTRIBUTION_DROP] = "DELETE FROM contribution WHERE kind=? AND entity=?",
    [Q_SIGHTING_ADD] = "INSERT OR IGNORE INTO "
                       "sighting(kind,entity,row_hash,part,row_no) VALUES(?,?,?,?,?)",
    [Q_SIGHTINGS_ADD] = /* OR FAIL: as in store_bulk.c */
    "INSERT OR FAIL INTO sighting(kind,entity,row_hash,part,row_no)"
    " SELECT 1,entity,row_hash,?,row_no FROM " SEEN_TABLE
    " WHERE true ON CONFLICT DO NOTHING",
    [Q_SIGHTING_FIRST] = "SELECT row_hash,part,row_no FROM sighting WHERE kind=? AND"
                         " entity=? ORDER BY part,row_no LIMIT 1",
    [Q_SIGHTING_DROP] = "DELETE FROM sighting WHERE kind=? AND entity=? AND row_hash=?"
                        " AND part=? AND row_no=?",
    /* The last line of each row_hash is the sighting that speaks for the version. */
    [Q_VERSIONS] =
        "SELECT s.row_hash,c.body,s.row_no,p.as_of,p.priority,p.id,p.source,r.kind"
        " FROM sighting s JOIN contribution c USING(kind,entity,row_hash)" PART_PLACE
        "WHERE s.kind=? AND s.entity=? ORDER BY s.row_hash,p.as_of,p.priority,s.row_no,"
        "r.name,f.sha256,p.member,p.sheet",

    [Q_CALL_FOLD] =
        "UPDATE call SET versions=?2,part=?3,row_no=?4,row_hash=?5,start=?6,answer=?7,"
        "finish=?8,queued=?9,wait=?10,talk=?11,duration=?12,billed=?13,direction=?14,"
        "disposition=?15,answered_by=?16,hangup_by=?17,contact=?18,agent=?19,queue=?20,"
        "line=?21 WHERE id=?1",
    [Q_CALL_DROP] = "DELETE FROM call WHERE id=?",
    [Q_REGISTER_FOLD] = "UPDATE register_row SET versions=?2,part=?3,row_no=?4,"
                        "row_hash=?5,body=?6 WHERE id=?1",
    [Q_REGISTER_DROP] = "DELETE FROM register_row WHERE id=?",

    [Q_FILE_LIVE] = "SELECT id,maps,rows,loaded+updated+duplicate,rejected,skipped"
                    " FROM source_file WHERE sha256=? AND state=1",
    [Q_FILE_SIZE] = "SELECT 1 FROM source_file WHERE bytes=? AND state=1",
    [Q_FILE_HASH] = "UPDATE source_file SET sha256=?2 WHERE id=?1",
    [Q_FILE_ADD] =
        "INSERT INTO source_file(sha256,bytes,format,maps,order_no,rows,loaded,updated,"
        "duplicate,rejected,skipped) SELECT ?1,?2,?3,?4,coalesce(max(order_no),0)+1,"
        "0,0,0,0,0,0 FROM source_file",
    [Q_FILE_NAME_ADD] = "INSERT OR IGNORE INTO source_name(file,name) VALUES(?,?)",
    [Q_FILE_COUNTS] =
        "UPDATE source_file SET rows=?2,loaded=?3,updated=?4,duplicate=?5,"
        "rejected=?6,skipped=?7 WHERE id=?1",
    [Q_FILE_STATE] = "SELECT state FROM source_file WHERE id=?",
    [Q_FILE_UNDONE] = "UPDATE source_file SET state=0 WHERE id=?",
    [Q_PART_ADD] = "INSERT INTO part(file,member,sheet,source,priority,fields,"
                   "as_of_basis) VALUES(?,?,?,?,?,?,3)",
    [Q_PART_END] =
        "UPDATE part SET as_of=?2,as_of_basis=?3,covers_from=?4,covers_to=?5,rows=?6,"
        "loaded=?7,updated=?8,duplicate=?9,rejected=?10,skipped=?11 WHERE id=?1",
    [Q_PART_ROWS] = "SELECT sum(rows) FROM part",
    [Q_PART_PRUNE] = "DELETE FROM part WHERE file=?",
    [Q_REJECT_ADD] = "INSERT OR REPLACE INTO reject(part,row_no,reason,field,raw)"
                     " VALUES(?,?,?,?,?)",
    [Q_REJECT_NUMBER] =
        "INSERT OR REPLACE INTO reject_number(part,row_no,number) VALUES(?,?,?)",
    [Q_REJECT_TITLES] = "INSERT INTO reject_title(part,titles) VALUES(?,?)",
    [Q_REJECT_FIXED] =
        "INSERT OR IGNORE INTO reject_fixed(number,part,row_no) VALUES(?,?,?)",

    [Q_UNDO_SINGLES] = "SELECT id FROM ticket WHERE versions=1 AND part IN"
                       " (SELECT id FROM part WHERE file=?)",
    [Q_UNDO_ENTITIES] = "SELECT DISTINCT kind,entity FROM sighting WHERE part IN"
                        " (SELECT id FROM part WHERE file=?)",
    [Q_UNDO_SIGHTINGS] =
        "DELETE FROM sighting WHERE part IN (SELECT id FROM part WHERE file=?)",
    [Q_PRUNE_KEYS] = "DELETE FROM ticket_key WHERE id NOT IN (SELECT id FROM ticket)",

    [Q_BATCHES] =
        "SELECT id,(SELECT min(name) FROM source_name WHERE file=id),format,"
        "lower(hex(sha256)),state,rows,loaded,updated,duplicate,rejected,skipped"
        " FROM source_file ORDER BY order_no",
    [Q_REJECTS] =
        "SELECT p.file,(SELECT min(name) FROM source_name WHERE file=p.file),p.sheet,"
        "j.row_no,j.reason,j.field,j.raw,n.number,s.name,p.id,t.titles FROM reject j"
        " JOIN reject_number n USING(part,row_no)"
        " JOIN part p ON p.id=j.part JOIN source s ON s.id=p.source"
        " LEFT JOIN reject_title t ON t.part=p.id WHERE NOT EXISTS"
        " (SELECT 1 FROM reject_fixed x WHERE x.number=n.number)"
        " ORDER BY p.file,p.member,p.sheet,p.source,j.row_no",

    [Q_DUMP_FILES] = "SELECT 'file',hex(sha256),bytes,format,hex(maps),rows,rejected,"
                     "skipped FROM source_file WHERE state=1",
    [Q_DUMP_PARTS] =
        "SELECT "
        "'part',hex(f.sha256),p.member,p.sheet,r.name,r.series,r.kind,p.priority,"
        "p.fields,p.as_of,p.as_of_basis,p.covers_from,p.covers_to,p.rows,p.rejected,"
        "p.skipped FROM part p JOIN source_file f ON f.id=p.file"
        " JOIN source r ON r.id=p.source",
    [Q_DUMP_REJECTS] = "SELECT 'reject',hex(f.sha256),p.member,p.sheet,r.name,s.row_no,"
                       "s.reason,s.field FROM reject s" PART_PLACE,
    [Q_DUMP_MENDED] = "SELECT 'mended',hex(f.sha256),p.member,p.sheet,r.name,s.row_no,"
                      "s.number FROM reject_fixed s" PART_PLACE,
    [Q_DUMP_TICKETS] = "SELECT id,versions,row_hash FROM ticket",
    /* the register's own kind is its source's */
    [Q_DUMP_VERSIONS] =
        "SELECT kind,entity,'version',kind,row_hash,body FROM contribution",
    [Q_DUMP_SIGHTINGS] =
        "SELECT s.kind,s.entity,'sighting',s.kind,s.row_hash,hex(f.sha256),p.member,"
        "p.sheet,r.name,s.row_no FROM sighting s" PART_PLACE,
    [Q_DUMP_SINGLES] =
        "SELECT 1,s.id,'sighting',1,s.row_hash,hex(f.sha256),p.member,p.sheet,r.name,"
        "s.row_no FROM ticket s" PART_PLACE "WHERE s.versions=1",
    [Q_DUMP_EVENTS] =
        "SELECT 1,e.ticket,'event',e.kind,e.at,e.seq,e.date_only,a.text,b.text,e.old,"
        "e.new,e.origin FROM event e LEFT JOIN term a ON a.id=e.from_department"
        " LEFT JOIN term b ON b.id=e.to_department",
    [Q_DUMP_TRAILS] =
        "SELECT 1,t.id,'trail',x.text FROM ticket t JOIN term x ON x.id=t.way",
    [Q_DUMP_HISTORY] =
        "SELECT 1,h.ticket,'history',h.seq,h.field,CASE field WHEN 33 THEN"
        " (SELECT text FROM term WHERE id=old) ELSE old END,CASE field WHEN 33 THEN"
        " (SELECT text FROM term WHERE id=new) ELSE new END,old_as_of,new_as_of"
        " FROM ticket_history h",
    [Q_DUMP_FIRSTS] =
        "SELECT 1,t.id,'first',due_first,nature_first,urgency_first,d.text FROM ticket "
        "t"
        " LEFT JOIN term d ON d.id=t.department_first WHERE versions>1",
    [Q_DUMP_CALLS] =
        "SELECT 4,c.id,'call',versions,start,answer,finish,queued,wait,talk,duration,"
        "billed,direction,disposition,answered_by,hangup_by,c.contact,s.code,q.text,"
        "l.text FROM call c LEFT JOIN staff s ON s.id=c.agent LEFT JOIN term q ON "
        "q.id=c.queue LEFT JOIN term l ON "
        "l.id=c.line",
    [Q_DUMP_REGISTERS] = "SELECT 7,id,'register',kind,versions,body FROM register_row",

    [Q_CALL_NAME] = "SELECT r.name,r.series,r.kind,c.number FROM call c JOIN source r"
                    " ON r.id=c.source WHERE c.id=?",
    [Q_REGISTER_NAME] = "SELECT r.name,r.series,r.kind,c.number FROM register_row c"
                        " JOIN source r ON r.id=c.source WHERE c.id=?",
    [Q_READ] = "BEGIN",

    [Q_FACT_COUNT] = "SELECT count(*) FROM ticket",
    [Q_FACT_STATED] = "SELECT id,transfers,reopens,rating_speed,rating_quality"
                      " FROM ticket_stated",
    [Q_FACT_AS_OF] = "SELECT id,as_of,fields FROM part ORDER BY id",
    [Q_FACT_COLUMNS] = "SELECT s.entity,p.fields,p.as_of,r.kind=2 FROM sighting s"
                       " JOIN part p ON p.id=s.part JOIN source r ON r.id=p.source"
                       " WHERE s.kind=1",
    [Q_FACT_TERMS] = "SELECT id,domain,text FROM term",
    [Q_FACT_PLACES] = "SELECT id,parent,level,name FROM place",
    [Q_FACT_STAFF] = "SELECT id,code FROM staff",
    [Q_FACT_ASSETS] = "SELECT id,place,code,name FROM asset",
    [Q_FACT_FORMS] = "SELECT id,series,prefix,digits FROM number_form",
    [Q_FACT_KEYS] = "SELECT id,series,number FROM ticket_key",
    [Q_FACT_MERGED] = "SELECT ticket,number FROM ticket_ref WHERE kind=1",
    [Q_FACT_PROMISES] =
        "SELECT r.number,r.body,s.series FROM register_row r JOIN source s ON"
        " s.id=r.source WHERE r.kind=? ORDER BY s.series,r.number,r.body",
    [Q_FACT_EVENT_ROWS] =
        "SELECT r.number,r.body,s.series FROM register_row r JOIN source s ON"
        " s.id=r.source WHERE r.kind=3 ORDER BY s.series,r.number,r.body",
    [Q_FACT_EVENTS] = "SELECT ticket,kind,at,seq,from_department,to_department,staff,"
                      "reason FROM event",
    [Q_FACT_CHANGES] = "SELECT ticket,field,old,new,old_as_of,new_as_of FROM"
                       " ticket_history",
    [Q_FACT_PARTS] =
        "SELECT p.id,p.source,p.as_of,p.covers_from,p.covers_to FROM part p"
        " JOIN source s ON s.id=p.source WHERE s.kind=1",
    [Q_FACT_SEEN] = "SELECT id,part FROM ticket WHERE part IS NOT NULL UNION ALL"
                    " SELECT entity,part FROM sighting WHERE kind=1",
    [Q_FACT_CALLS] = "SELECT number," CALL_LIST " FROM call",
    [Q_FACT_CALL_COUNT] = "SELECT count(*) FROM call",
    [Q_FACT_SERIES] = "SELECT DISTINCT series FROM source WHERE kind IN (1,2,9)"
                      " AND (name=?1 OR (?1='auto' AND name GLOB 'auto_*'))"
                      " ORDER BY series",
    [Q_FACT_REGISTERS] = "SELECT number,body,row_no FROM register_row WHERE kind=?",
    /* a mended row is counted where it came back, no longer where it was rejected */
    [Q_FACT_LEDGER] =
        "WITH mended(n) AS (SELECT count(*) FROM reject_number j WHERE EXISTS"
        " (SELECT 1 FROM reject_fixed x WHERE x.number=j.number))"
        "SELECT count(*),coalesce(sum(rows),0)-(SELECT n FROM mended),"
        "coalesce(sum(loaded),0),coalesce(sum(updated),0),coalesce(sum(duplicate),0),"
        "coalesce(sum(rejected),0)-(SELECT n FROM mended),"
        "coalesce(sum(skipped),0) FROM source_file WHERE state=1",
    [Q_FACT_HORIZON] =
        "SELECT max(p.as_of),sum(s.kind IN (1,2,9))>0"
        " AND NOT sum(s.kind=3 OR (s.kind IN (1,2,9) AND p.fields&?1<>0))"
        " FROM part p JOIN source s ON s.id=p.source",
    [Q_FACT_SPAN] = "SELECT min(received_at),max(received_at) FROM ticket",
    [Q_LEDGER_PARTS] =
        "WITH mended(part,n) AS (SELECT j.part,count(*) FROM reject_number j WHERE "
        "EXISTS"
        " (SELECT 1 FROM reject_fixed x WHERE x.number=j.number) GROUP BY j.part)"
        "SELECT s.name,lower(substr(hex(f.sha256),1,8)),p.covers_from,p.covers_to,"
        "p.rows-coalesce(m.n,0),p.rejected-coalesce(m.n,0),p.skipped FROM part p"
        " LEFT JOIN mended m ON m.part=p.id JOIN source_file f ON f.id=p.file"
        " JOIN source s ON s.id=p.source WHERE f.state=1"
        " ORDER BY s.name,p.covers_from,f.sha256,p.member,p.sheet",
};

enum status sql_fail(struct store *store, int code, struct error *err)
{
    const char *path = store->path, *detail = sqlite3_errstr(code);

    if (store->db != NULL)
        detail = sqlite3_errmsg(store->db);
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(err, HY_BUSY, "%s：正在被另一个程序使用，请稍后再试", path);
    case SQLITE_FULL:
        return fail(err, HY_IO, "%s：磁盘满了，这次没有写入；请腾出空间再试", path);
    case SQLITE_IOERR:
        return fail(err, HY_IO, "%s：读写出错（%s）", path, detail);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return fail(err, HY_CREATE, "%s：这里不能写（%s）", path, detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
        return fail(err, HY_DAMAGED, "%s：数据库有损坏（%s），请从备份恢复", path,
                    detail);
    case SQLITE_NOMEM:
        return fail(err, HY_MEMORY, "%s：内存不足", path);
    case SQLITE_AUTH:
        return fail(err, HY_INTERNAL, "%s：这份报告不许读这些资料（%s）", path, detail);
    default:
        return fail(err, HY_INTERNAL, "%s：数据库不接受（%s）", path, detail);
    }
}

enum status sql_use(struct store *store, enum query query, sqlite3_stmt **out,
                    struct error *err)
{
    int code = SQLITE_OK;

    if (store->checking != NULL
        && (query == Q_COMMIT || (query == Q_READ && store->mode == STORE_CREATE)))
        TRY(check_end(store, err));
    *out = store->statement[query];
    if (*out != NULL) {
        sqlite3_reset(*out);
        sqlite3_clear_bindings(*out);
        return HY_OK;
    }
    code = sqlite3_prepare_v3(store->db, queries[query], -1, SQLITE_PREPARE_PERSISTENT,
                              out, NULL);
    if (code != SQLITE_OK)
        return sql_fail(store, code, err);
    store->statement[query] = *out;
    return HY_OK;
}

enum status sql_row(struct store *store, sqlite3_stmt *statement, bool *row,
                    struct error *err)
{
    int code = sqlite3_step(statement);

    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return HY_OK;
    return sql_fail(store, code, err);
}

enum status sql_run(struct store *store, sqlite3_stmt *statement, struct error *err)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_fail(store, code, err);
    sqlite3_reset(statement);
    return HY_OK;
}

enum status sql_do(struct store *store, enum query query, struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, query, &statement, err));
    return sql_run(store, statement, err);
}

void sql_rest(struct store *store)
{
    int i;

    for (i = 0; i < QUERY_COUNT; i++)
        if (store->statement[i] != NULL)
            sqlite3_reset(store->statement[i]);
}

void bind_text(sqlite3_stmt *statement, int index, struct text text)
{
    sqlite3_bind_text64(statement, index, text.at == NULL ? "" : text.at, text.length,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void bind_text_or_null(sqlite3_stmt *statement, int index, struct text text)
{
    if (text.length > 0)
        bind_text(statement, index, text);
}

void bind_int(sqlite3_stmt *statement, int index, int64_t value)
{
    sqlite3_bind_int64(statement, index, value);
}

struct text column_text(sqlite3_stmt *statement, int index, struct arena *memory)
{
    const void *bytes = sqlite3_column_text(statement, index);
    int length = sqlite3_column_bytes(statement, index);

    if (bytes == NULL)
        return (struct text){ NULL, 0 };
    return (struct text){ arena_copy(memory, bytes, (size_t)length), (uint32_t)length };
}
