-- audit.db: one audit as tables, for queries over many audits. Everything here is also in `document`,
-- the report.json it was made from; `linkback report` renders that again.

-- One row per metric, in the order of `linkback metrics`.
CREATE TABLE metrics (
    name   TEXT PRIMARY KEY,
    value  REAL,            -- NULL: not known, `why` says why
    low    REAL,            -- ends of the 95 % interval, where the figure is an estimate
    high   REAL,
    unit   TEXT NOT NULL,   -- share (of 1), users, tokens ...
    worse  TEXT NOT NULL,   -- higher, lower or neither
    why    TEXT
);

-- One row per rule of the policies that were applied.
CREATE TABLE checks (
    number   INTEGER PRIMARY KEY,
    policy   TEXT,
    metric   TEXT NOT NULL,
    rule     TEXT NOT NULL,  -- "min 11"
    value    REAL,
    low      REAL,
    high     REAL,
    bound    TEXT,           -- which end of the interval was judged
    verdict  TEXT NOT NULL,  -- held, broken, waived or not_judged
    must     INTEGER,        -- 1: the gate is not decided while it is not judged
    why      TEXT,           -- why it could not be judged
    severity TEXT NOT NULL,  -- only error breaks the gate
    reason   TEXT,
    source   TEXT,           -- where the threshold comes from
    kind     TEXT,           -- regulator or judgement
    place    TEXT            -- file:line:column of the rule
);
CREATE INDEX checks_by_metric ON checks (metric);

-- What the verdict of a check would be at other thresholds in use.
CREATE TABLE neighbours (
    number    INTEGER NOT NULL REFERENCES checks (number),
    threshold REAL NOT NULL,
    verdict   TEXT NOT NULL,
    PRIMARY KEY (number, threshold)
) WITHOUT ROWID;

-- Every waiver of the policies; state: used, unused or ended.
CREATE TABLE waivers (
    number INTEGER PRIMARY KEY,
    policy TEXT,
    metric TEXT NOT NULL,
    until  TEXT NOT NULL,
    state  TEXT,
    reason TEXT,
    owner  TEXT,
    place  TEXT
);

-- One row per input.
CREATE TABLE sources (
    number      INTEGER PRIMARY KEY,
    path        TEXT NOT NULL,
    container   TEXT,
    format      TEXT,
    compression TEXT,
    bytes       INTEGER,
    sha256      TEXT,        -- of the input as stored
    records     INTEGER,
    rejected    INTEGER
);

-- Anonymity sets of the quasi-identifiers: how many classes have this size.
CREATE TABLE histogram (
    size    INTEGER PRIMARY KEY,
    classes INTEGER NOT NULL
);

-- Uniqueness distribution: how many distinct n-grams exactly `users` people use, how many people use
-- one of them, and how many use one of at most `users`.
CREATE TABLE token_distribution (
    n             INTEGER NOT NULL,
    users         INTEGER NOT NULL,
    tokens        INTEGER NOT NULL,
    users_reached INTEGER,
    users_reached_cumulated INTEGER,
    PRIMARY KEY (n, users)
) WITHOUT ROWID;

-- The most exposed people, masked unless the audit was told to reveal.
CREATE TABLE users (
    rank    INTEGER PRIMARY KEY,
    user    TEXT NOT NULL,
    risk    REAL,
    reasons TEXT             -- separated by line feeds
);

CREATE INDEX users_by_risk ON users (risk);

CREATE TABLE warnings (
    number INTEGER PRIMARY KEY,
    text   TEXT NOT NULL
);

-- One row: report.json as it was written.
CREATE TABLE document (
    json TEXT NOT NULL
);

-- What is known, as a sentence would say it: shares in percent, with their interval.
CREATE VIEW figures AS
    SELECT name,
           CASE unit WHEN 'share' THEN 100 * value ELSE value END AS value,
           CASE unit WHEN 'share' THEN 100 * low ELSE low END AS low,
           CASE unit WHEN 'share' THEN 100 * high ELSE high END AS high,
           CASE unit WHEN 'share' THEN '%' ELSE unit END AS unit,
           worse
    FROM metrics WHERE value IS NOT NULL;

-- What breaks the gate.
CREATE VIEW broken AS
    SELECT policy, metric, rule, value, verdict, reason, source FROM checks
    WHERE severity = 'error' AND verdict IN ('fail', 'unknown');
