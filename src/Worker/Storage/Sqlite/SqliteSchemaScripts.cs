namespace Worker.Storage.Sqlite;

/// <summary>The scripts of <see cref="SqliteSchema"/>.</summary>
internal static class SqliteSchemaScripts
{
    /// <summary>
    /// Logs are appended in the order in which they came, so that documents are written side by side whatever the ids;
    /// small columns stand before the document, so that walking upward never reads it.
    /// </summary>
    public const string First =
        """
        CREATE TABLE logs (
            seq           INTEGER PRIMARY KEY,
            id            TEXT    NOT NULL UNIQUE,
            version       INTEGER NOT NULL,
            kind          TEXT    NOT NULL,
            parent        TEXT,
            complete      INTEGER NOT NULL,
            deleted_at    INTEGER,
            missing       TEXT,
            trace_id      TEXT,
            trace_flow_id TEXT,
            late          INTEGER,
            document      TEXT    NOT NULL
        ) STRICT;
        CREATE INDEX logs_parent ON logs (parent) WHERE parent IS NOT NULL;
        CREATE INDEX logs_complete ON logs (id) WHERE complete;
        CREATE INDEX logs_missing ON logs (missing) WHERE missing IS NOT NULL;

        CREATE TABLE files (id TEXT PRIMARY KEY, kind TEXT NOT NULL, path TEXT) STRICT, WITHOUT ROWID;
        CREATE TABLE versions (id TEXT PRIMARY KEY, file_id TEXT NOT NULL, details TEXT NOT NULL) STRICT;
        CREATE TABLE deployments (
            key         TEXT PRIMARY KEY,
            file_id     TEXT NOT NULL,
            environment TEXT NOT NULL,
            version_id  TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE runs (
            log_id        TEXT    PRIMARY KEY,
            version       INTEGER NOT NULL,
            state         TEXT    NOT NULL,
            revision      INTEGER NOT NULL,
            due           INTEGER,
            watch_version INTEGER NOT NULL,
            complete      INTEGER NOT NULL,
            opened_at     INTEGER NOT NULL,
            digest        TEXT,
            begun_at      INTEGER,
            judged_at     INTEGER,
            finished_by   TEXT,
            pins          TEXT    NOT NULL,
            waiting_for   TEXT,
            members       TEXT,
            owner         TEXT,
            lease_until   INTEGER
        ) STRICT;
        CREATE INDEX runs_due ON runs (due) WHERE due IS NOT NULL;

        CREATE TABLE decisions (
            log_id               TEXT    NOT NULL,
            revision             INTEGER NOT NULL,
            evaluator_id         TEXT    NOT NULL,
            evaluator_version_id TEXT    NOT NULL,
            outcome              TEXT    NOT NULL,
            reason               TEXT,
            at                   INTEGER NOT NULL,
            PRIMARY KEY (log_id, revision, evaluator_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE attempts (
            id     TEXT    PRIMARY KEY,
            log_id TEXT    NOT NULL,
            owner  TEXT    NOT NULL,
            until  INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX attempts_log ON attempts (log_id);

        CREATE TABLE evaluator_logs (
            id                   TEXT    PRIMARY KEY,
            log_id               TEXT    NOT NULL,
            revision             INTEGER NOT NULL,
            evaluator_id         TEXT    NOT NULL,
            evaluator_version_id TEXT    NOT NULL,
            path                 TEXT    NOT NULL,
            judgment             TEXT,
            error                TEXT,
            stdout               TEXT,
            start_time           INTEGER NOT NULL,
            end_time             INTEGER NOT NULL,
            spec                 TEXT
        ) STRICT;
        CREATE INDEX evaluator_logs_log ON evaluator_logs (log_id, revision, evaluator_id);

        CREATE TABLE inbox (
            position     INTEGER PRIMARY KEY AUTOINCREMENT,
            type         TEXT,
            message_id   TEXT,
            content_type TEXT,
            body         BLOB    NOT NULL,
            received_at  INTEGER NOT NULL,
            redeliveries INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE dead_letters (
            seq            INTEGER PRIMARY KEY,
            id             TEXT    NOT NULL UNIQUE,
            kind           TEXT,
            message_id     TEXT    NOT NULL,
            log_id         TEXT,
            reason         TEXT    NOT NULL,
            field          TEXT,
            detail         TEXT    NOT NULL,
            first_received INTEGER NOT NULL,
            body           BLOB,
            body_length    INTEGER NOT NULL,
            body_hash      TEXT    NOT NULL,
            withheld       INTEGER NOT NULL,
            content_type   TEXT
        ) STRICT;

        CREATE TABLE poison (message_key TEXT PRIMARY KEY, attempts INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE probe (id INTEGER PRIMARY KEY, probes INTEGER NOT NULL) STRICT;
        """;

    /// <summary>
    /// What waits for one thing is taken up in the order of ids; messages and letters say how their bodies are
    /// compressed.
    /// </summary>
    public const string Second =
        """
        DROP INDEX logs_missing;
        CREATE INDEX logs_missing ON logs (missing, id) WHERE missing IS NOT NULL;
        ALTER TABLE inbox ADD COLUMN content_encoding TEXT;
        ALTER TABLE dead_letters ADD COLUMN content_encoding TEXT;
        """;

    /// <summary>
    /// The Logs of a File are listed by when they were created. Instants in documents are ISO 8601 in UTC, with up to
    /// six digits of a second's fraction.
    /// </summary>
    public const string Third =
        """
        ALTER TABLE logs ADD COLUMN file_id TEXT;
        ALTER TABLE logs ADD COLUMN created INTEGER;
        UPDATE logs SET
            file_id = document ->> '$.resolution.file_id',
            created = (
                SELECT unixepoch(substr(instant, 1, 19)) * 1000000 + substr(substr(instant, 21) || '000000', 1, 6)
                FROM (
                    SELECT rtrim(coalesce(document ->> '$.created_at', document ->> '$.first_received_at'), 'Z')
                        AS instant
                )
            );
        CREATE INDEX logs_file ON logs (file_id, created) WHERE file_id IS NOT NULL;
        """;

    /// <summary>
    /// Files and Versions say since when they are stored, and are listed; a deployment says when it was said, and may
    /// be empty again. Evaluators are attached to Files while workers run.
    /// </summary>
    public const string Fourth =
        """
        ALTER TABLE files ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE versions ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX versions_file ON versions (file_id, created);

        ALTER TABLE deployments RENAME TO deployments_before;
        CREATE TABLE deployments (
            key         TEXT PRIMARY KEY,
            file_id     TEXT NOT NULL,
            environment TEXT NOT NULL,
            version_id  TEXT,
            stamp       TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO deployments
            SELECT key, file_id, environment, version_id, '00062135596800000000' FROM deployments_before;
        DROP TABLE deployments_before;
        CREATE INDEX deployments_file ON deployments (file_id);

        CREATE TABLE monitorings (
            file_id      TEXT    NOT NULL,
            evaluator_id TEXT    NOT NULL,
            version_id   TEXT,
            environment  TEXT,
            active       INTEGER NOT NULL,
            stamp        TEXT    NOT NULL,
            PRIMARY KEY (file_id, evaluator_id)
        ) STRICT, WITHOUT ROWID;
        """;

    /// <summary>The keys of the front.</summary>
    public const string Fifth =
        """
        CREATE TABLE keys (
            id         TEXT    PRIMARY KEY,
            name       TEXT    NOT NULL,
            hash       TEXT    NOT NULL,
            roles      INTEGER NOT NULL,
            path       TEXT,
            rate       INTEGER,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;
        """;

    /// <summary>Verdicts from outside are found by the Log that they are on.</summary>
    public const string Sixth =
        """
        ALTER TABLE logs ADD COLUMN judged TEXT;
        CREATE INDEX logs_judged ON logs (judged) WHERE judged IS NOT NULL;
        """;

    /// <summary>
    /// Ids are found by tiers of keys, labels stand beside the Logs, so that stamping one does not write its document
    /// again, and the verdicts on a Log stand together.
    /// </summary>
    public const string Seventh =
        """
        DROP INDEX logs_parent;
        DROP INDEX logs_complete;
        DROP INDEX logs_missing;
        DROP INDEX logs_file;
        DROP INDEX logs_judged;
        ALTER TABLE logs RENAME TO logs_before;
        CREATE TABLE logs (
            seq        INTEGER PRIMARY KEY,
            id         TEXT    NOT NULL,
            version    INTEGER NOT NULL,
            kind       TEXT    NOT NULL,
            parent     TEXT,
            judged     TEXT,
            complete   INTEGER NOT NULL,
            deleted_at INTEGER,
            missing    TEXT,
            file_id    TEXT,
            created    INTEGER,
            document   TEXT    NOT NULL
        ) STRICT;
        INSERT INTO logs
            SELECT seq, id, version, kind, parent, judged, complete, deleted_at, missing, file_id, created, document
            FROM logs_before ORDER BY seq;
        CREATE INDEX logs_parent ON logs (parent) WHERE parent IS NOT NULL;
        CREATE INDEX logs_complete ON logs (id) WHERE complete;
        CREATE INDEX logs_missing ON logs (missing, id) WHERE missing IS NOT NULL;
        CREATE INDEX logs_file ON logs (file_id, created) WHERE file_id IS NOT NULL;
        CREATE INDEX logs_judged ON logs (judged) WHERE judged IS NOT NULL;

        CREATE TABLE labels (
            seq           INTEGER PRIMARY KEY,
            trace_id      TEXT,
            trace_flow_id TEXT,
            late          INTEGER NOT NULL
        ) STRICT;
        INSERT INTO labels SELECT seq, trace_id, trace_flow_id, late FROM logs_before WHERE late IS NOT NULL;
        DROP TABLE logs_before;

        CREATE TABLE log_ids_0 (key INTEGER, seq INTEGER, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE log_ids_1 (key INTEGER, seq INTEGER, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE log_ids_2 (key INTEGER, seq INTEGER, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE log_id_seed (value INTEGER NOT NULL) STRICT;
        INSERT INTO log_id_seed VALUES (random());

        DROP INDEX evaluator_logs_log;
        ALTER TABLE evaluator_logs RENAME TO evaluator_logs_before;
        CREATE TABLE evaluator_logs (
            log_id               TEXT    NOT NULL,
            revision             INTEGER NOT NULL,
            evaluator_id         TEXT    NOT NULL,
            id                   TEXT    NOT NULL,
            evaluator_version_id TEXT    NOT NULL,
            path                 TEXT    NOT NULL,
            judgment             TEXT,
            error                TEXT,
            stdout               TEXT,
            start_time           INTEGER NOT NULL,
            end_time             INTEGER NOT NULL,
            spec                 TEXT,
            PRIMARY KEY (log_id, revision, evaluator_id, id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO evaluator_logs
            SELECT log_id, revision, evaluator_id, id, evaluator_version_id, path, judgment, error, stdout, start_time,
                end_time, spec
            FROM evaluator_logs_before ORDER BY log_id, revision, evaluator_id, id;
        DROP TABLE evaluator_logs_before;
        """;

    /// <summary>A key may be for small bodies.</summary>
    public const string Eighth = "ALTER TABLE keys ADD COLUMN max_body INTEGER;";

    /// <summary>
    /// Evaluators that are called: what they say beside the judgment, what they spend, and which Versions of them came
    /// from a worker's own files.
    /// </summary>
    public const string Ninth =
        """
        ALTER TABLE evaluator_logs ADD COLUMN reason TEXT;
        ALTER TABLE evaluator_logs ADD COLUMN details TEXT;
        ALTER TABLE versions ADD COLUMN from_files INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE budgets (
            spent_in TEXT    PRIMARY KEY,
            calls    INTEGER NOT NULL,
            tokens   INTEGER NOT NULL,
            cost     INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;

    /// <summary>
    /// How it stands with the alerts, and what they measure: verdicts by when they were given, and what waits for an
    /// Evaluator that is not asked.
    /// </summary>
    public const string Tenth =
        """
        CREATE TABLE alerts (
            name       TEXT    PRIMARY KEY,
            version    INTEGER NOT NULL,
            condition  TEXT    NOT NULL,
            since      INTEGER NOT NULL,
            opened_at  INTEGER NOT NULL,
            checked_at INTEGER,
            value      TEXT,
            count      INTEGER NOT NULL,
            breach     TEXT,
            notices    TEXT    NOT NULL
        ) STRICT;

        CREATE INDEX evaluator_logs_given ON evaluator_logs (evaluator_id, end_time, id);
        CREATE INDEX decisions_put_off ON decisions (outcome, evaluator_id)
            WHERE outcome IN ('over_budget', 'paused');
        """;

    /// <summary>Tombstones by their age, what is being removed, and what is kept whatever its age.</summary>
    public const string Eleventh =
        """
        CREATE INDEX logs_deleted ON logs (deleted_at) WHERE deleted_at IS NOT NULL;

        CREATE TABLE removals (
            id      TEXT    PRIMARY KEY,
            heads   TEXT    NOT NULL,
            log_ids TEXT    NOT NULL,
            at      INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE pins (log_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>
    /// The number that a worker must know to use the file: its own, until a step that an earlier worker cannot live
    /// with says another.
    /// </summary>
    public const string Twelfth =
        """
        CREATE TABLE worker_schema (needs INTEGER NOT NULL) STRICT;
        INSERT INTO worker_schema VALUES (12);
        """;

    /// <summary>Who did what, and how often the message of a dead letter was refused.</summary>
    public const string Thirteenth =
        """
        CREATE TABLE audit (
            id            TEXT    PRIMARY KEY,
            at            INTEGER NOT NULL,
            actor         TEXT    NOT NULL,
            key_id        TEXT,
            origin        TEXT    NOT NULL,
            act           TEXT    NOT NULL,
            outcome       TEXT    NOT NULL,
            subjects      TEXT    NOT NULL,
            subject_count INTEGER NOT NULL,
            counts        TEXT    NOT NULL,
            note          TEXT
        ) STRICT;

        ALTER TABLE inbox ADD COLUMN attempts TEXT;
        ALTER TABLE dead_letters ADD COLUMN attempts TEXT;
        """;

    /// <summary>Verdicts are judged, too: their runs say what they are on, and go with it.</summary>
    public const string Fourteenth =
        """
        ALTER TABLE runs ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN judged TEXT;
        CREATE INDEX runs_judged ON runs (judged) WHERE judged IS NOT NULL;
        """;

    /// <summary>Messages say which span their producer was in; what was done is found by when.</summary>
    public const string Fifteenth =
        """
        ALTER TABLE inbox ADD COLUMN traceparent TEXT;
        CREATE INDEX audit_at ON audit (at, id);
        """;

    /// <summary>The processes that share the file.</summary>
    public const string Sixteenth =
        """
        CREATE TABLE workers (
            id         TEXT    PRIMARY KEY,
            host       TEXT    NOT NULL,
            process_id INTEGER NOT NULL,
            version    TEXT    NOT NULL,
            role       TEXT    NOT NULL,
            started_at INTEGER NOT NULL,
            seen_at    INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;

    /// <summary>
    /// Flow Logs by pieces of three characters, and which are still to be put there: those that were written since,
    /// whoever wrote them. The index holds no texts; what was taken out of it stays until its parts are merged.
    /// </summary>
    public const string Seventeenth =
        """
        CREATE VIRTUAL TABLE log_text USING fts5(
            text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
        );
        CREATE TABLE log_text_due (seq INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE log_text_merge (is_due INTEGER NOT NULL) STRICT;
        INSERT INTO log_text_merge VALUES (0);

        CREATE TRIGGER log_text_inserted AFTER INSERT ON logs WHEN new.kind = 'flow' BEGIN
            INSERT INTO log_text_due VALUES (new.seq) ON CONFLICT DO NOTHING;
        END;
        CREATE TRIGGER log_text_updated AFTER UPDATE OF document ON logs WHEN 'flow' IN (old.kind, new.kind) BEGIN
            INSERT INTO log_text_due VALUES (new.seq) ON CONFLICT DO NOTHING;
        END;
        CREATE TRIGGER log_text_deleted AFTER DELETE ON logs WHEN old.kind = 'flow' BEGIN
            INSERT INTO log_text_due VALUES (old.seq) ON CONFLICT DO NOTHING;
        END;

        INSERT INTO log_text_due
            SELECT logs.seq FROM files JOIN logs INDEXED BY logs_file ON logs.file_id = files.id
            WHERE files.kind = 'flow';
        """;

    /// <summary>
    /// Runs have numbers, in the order in which they were opened, by which their decisions and verdicts stand: what is
    /// judged together is written side by side, whatever the ids of the Logs. An earlier worker does not know that.
    /// </summary>
    public const string Eighteenth =
        """
        DROP INDEX runs_due;
        DROP INDEX runs_judged;
        ALTER TABLE runs RENAME TO runs_before;
        CREATE TABLE runs (
            seq           INTEGER PRIMARY KEY,
            log_id        TEXT    NOT NULL UNIQUE,
            version       INTEGER NOT NULL,
            state         TEXT    NOT NULL,
            revision      INTEGER NOT NULL,
            due           INTEGER,
            watch_version INTEGER NOT NULL,
            complete      INTEGER NOT NULL,
            opened_at     INTEGER NOT NULL,
            digest        TEXT,
            begun_at      INTEGER,
            judged_at     INTEGER,
            finished_by   TEXT,
            pins          TEXT    NOT NULL,
            waiting_for   TEXT,
            members       TEXT,
            owner         TEXT,
            lease_until   INTEGER,
            depth         INTEGER NOT NULL,
            judged        TEXT
        ) STRICT;
        INSERT INTO runs
            SELECT NULL, log_id, version, state, revision, due, watch_version, complete, opened_at, digest, begun_at,
                judged_at, finished_by, pins, waiting_for, members, owner, lease_until, depth, judged
            FROM runs_before ORDER BY rowid;
        CREATE INDEX runs_due ON runs (due) WHERE due IS NOT NULL;
        CREATE INDEX runs_judged ON runs (judged) WHERE judged IS NOT NULL;
        DROP TABLE runs_before;

        DROP INDEX decisions_put_off;
        ALTER TABLE decisions RENAME TO decisions_before;
        CREATE TABLE decisions (
            run                  INTEGER NOT NULL,
            revision             INTEGER NOT NULL,
            evaluator_id         TEXT    NOT NULL,
            evaluator_version_id TEXT    NOT NULL,
            outcome              TEXT    NOT NULL,
            reason               TEXT,
            at                   INTEGER NOT NULL,
            PRIMARY KEY (run, revision, evaluator_id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO decisions
            SELECT seq, before.revision, evaluator_id, evaluator_version_id, outcome, reason, at
            FROM runs CROSS JOIN decisions_before AS before ON before.log_id = runs.log_id
            ORDER BY seq, before.revision, evaluator_id;
        CREATE INDEX decisions_put_off ON decisions (outcome, evaluator_id)
            WHERE outcome IN ('over_budget', 'paused');
        DROP TABLE decisions_before;

        DROP INDEX evaluator_logs_given;
        ALTER TABLE evaluator_logs RENAME TO evaluator_logs_before;
        CREATE TABLE evaluator_logs (
            run                  INTEGER NOT NULL,
            revision             INTEGER NOT NULL,
            evaluator_id         TEXT    NOT NULL,
            id                   TEXT    NOT NULL,
            evaluator_version_id TEXT    NOT NULL,
            path                 TEXT    NOT NULL,
            judgment             TEXT,
            error                TEXT,
            stdout               TEXT,
            start_time           INTEGER NOT NULL,
            end_time             INTEGER NOT NULL,
            spec                 TEXT,
            reason               TEXT,
            details              TEXT,
            PRIMARY KEY (run, revision, evaluator_id, id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO evaluator_logs
            SELECT seq, before.revision, evaluator_id, id, evaluator_version_id, path, judgment, error, stdout,
                start_time, end_time, spec, reason, details
            FROM runs CROSS JOIN evaluator_logs_before AS before ON before.log_id = runs.log_id
            ORDER BY seq, before.revision, evaluator_id, id;
        CREATE INDEX evaluator_logs_given ON evaluator_logs (evaluator_id, end_time, id);
        DROP TABLE evaluator_logs_before;

        UPDATE worker_schema SET needs = 18;
        """;
}
