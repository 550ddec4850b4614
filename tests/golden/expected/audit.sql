BEGIN TRANSACTION;
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
INSERT INTO "checks" VALUES(1,'harbour office','corpus.unit','is user or record',NULL,NULL,NULL,NULL,'held',1,NULL,'error','each user counts as a person','a conversation is no person; no authority accepts it as one','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(2,'harbour office','qi.k','min 3',1.0,NULL,NULL,'estimate','broken',1,NULL,'error','people in the rarest combination of fields: 1; at least 3 is required','the harbour office''s own','judgement','policy.yaml:6:7');
INSERT INTO "checks" VALUES(3,'harbour office','qi.below_k_share','max 0',1.0,NULL,NULL,'estimate','broken',1,NULL,'error','share of people in a combination of fields that fewer than k share: 100 %; at most 0 % is allowed','EMA Policy 0070: public release is judged by the maximum risk, not the average','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(4,'harbour office','qi.unique_share','max 0',4.28571428571428547638e-01,NULL,NULL,'estimate','waived',1,NULL,'error','share of people with a combination of fields of their own: 42.9 %; at most 0 % is allowed','EMA Policy 0070; El Emam et al. 2010: 0 % unique is the strictest of the uniqueness thresholds in use','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(5,'harbour office','qi.prosecutor_mean','max 0.03',7.14285714285714301574e-01,NULL,NULL,'estimate','broken',1,NULL,'warning','mean chance to pick the right person by its fields: 71.4 %; at most 3 % is allowed','no authority bounds the average risk; about a third of the maximum that goes with it','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(6,'harbour office','population.unique_share','max 0.01',NULL,NULL,NULL,'upper','not_judged',0,'the size of the population is not known: use --population','error','people of the population with a combination of fields of their own: not judged, the size of the population is not known: use --population; it need not be','stricter than the 5 % of El Emam et al. 2010, as nobody controls what is joined','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(7,'harbour office','inference.l_distinct','min 2',1.0,NULL,NULL,'estimate','broken',0,NULL,'warning','fewest sensitive values in a group that looks alike (l-diversity): 1; at least 2 is required','no authority sets a number; 1 means that a class gives the value away','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(8,'harbour office','inference.t','max 0.3',8.57142857142857206298e-01,NULL,NULL,'estimate','broken',0,NULL,'warning','largest distance of a group from the whole (t-closeness): 0.857; at most 0.3 is allowed','no authority sets a number; 0.2 to 0.3 is usual in the literature','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(9,'harbour office','tokens.identifying_below_k','max 0',18.0,NULL,NULL,'estimate','broken',1,NULL,'error','identifying words that fewer than k people use: 18; at most 0 is allowed','no authority sets a number for words; a name, a number or a handle that few people use is theirs','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(10,'harbour office','tokens.unicity_p4','max 0.5',9.72381299458558889803e-01,9.38866618075801739884e-01,9.96234207968901830376e-01,'estimate','broken',1,NULL,'warning','people singled out by four words of theirs: 97.2 %; at most 50 % is allowed','no authority sets a number for words; raw corpora score 0.14 to 0.87 with four words','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(11,'harbour office','tokens.unicity_p1','max 0.05',6.51961843911510241511e-01,NULL,NULL,'estimate','broken',1,NULL,'warning','people singled out by one word of theirs: 65.2 %; at most 5 % is allowed; its waiver ended on 2020-01-01','no authority sets a number for words; raw corpora score 0.02 to 0.80','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(12,'harbour office','tokens.signature_share','max 0.05',2.14285714285714273819e-01,NULL,NULL,'estimate','broken',0,NULL,'warning','people repeating a word that fewer than k people use: 21.4 %; at most 5 % is allowed','no authority sets a number for words; what repeats is what links','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(13,'harbour office','tokens.unique_share','max 0.5',1.0,NULL,NULL,'estimate','broken',0,NULL,'note','people with a word of their own: 100 %; at most 50 % is allowed','no authority sets a number for words; every raw corpus we measured scores 0.53 to 1','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(14,'harbour office','tokens.unique_share','max_increase 0.02',1.0,NULL,NULL,'estimate','not_judged',0,'there is no baseline to compare with: --write-baseline FILE makes one','error','people with a word of their own: not judged, there is no baseline to compare with: --write-baseline FILE makes one; it need not be','no authority sets a number for words; what is published may not become worse','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(15,'harbour office','identifiers.total','max 0',3.0,NULL,NULL,'estimate','broken',1,NULL,'error','direct identifiers: 3; at most 0 is allowed','HIPAA Safe Harbor: e-mail addresses, telephone numbers and such are removed, all of them','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(16,'harbour office','link.top1','max 0.09',NULL,NULL,NULL,'upper','not_judged',0,'nobody has enough messages in two separate conversations to be attacked','note','people linked at the first guess: not judged, nobody has enough messages in two separate conversations to be attacked; the policy does not claim unlinkability, so that linkage is reported and not gated','EMA Policy 0070 and Health Canada PRCI: risk at most 0.09; no fewer than 40 people attacked can show it','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(17,'harbour office','identifiers.reversible_keys','max 0',NULL,NULL,NULL,'estimate','not_judged',0,'not tried: name a space with --try-keys','error','reversible user keys: not judged, not tried: name a space with --try-keys; it need not be','EDPB and WP29 on pseudonyms: a hash that can be tried through is the key itself','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(18,'harbour office','consent.opted_out_users','max 0',NULL,NULL,NULL,'estimate','not_judged',0,'nobody is listed: use --opted-out','error','opted-out users in the release: not judged, nobody is listed: use --opted-out; it need not be','GDPR, Articles 7(3) and 21: who has withdrawn or objected is not in it','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(19,'harbour office','consent.refused_users','max 0',NULL,NULL,NULL,'estimate','not_judged',0,'no field says who consented: use --map consent=FIELD','error','people without consent: not judged, no field says who consented: use --map consent=FIELD; it need not be','GDPR, Article 6: without consent or another ground a message is not in it','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(20,'harbour office','retention.expired_messages','max 0',NULL,NULL,NULL,'estimate','not_judged',0,'no policy has a limit: retention_days','error','expired messages: not judged, no policy has a limit: retention_days; it need not be','GDPR, Article 5(1)(e): kept no longer than necessary; the limit is the policy''s own','regulator','policy.yaml:3:12');
INSERT INTO "checks" VALUES(21,'harbour office','coverage.rejected_share','max 0',0.0,NULL,NULL,'estimate','held',1,NULL,'error','malformed records: 0 %; at most 0 % is allowed','no authority sets a number; a record that is published and was not read could hold anything','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(22,'harbour office','coverage.unread_bytes_share','max 0',0.0,NULL,NULL,'estimate','held',1,NULL,'error','bytes not understood: 0 %; at most 0 % is allowed','no authority sets a number; bytes that were not read could hold anything, and one broken quote can hide many records','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(23,'harbour office','coverage.unread_files','max 0',0.0,NULL,NULL,'estimate','held',1,NULL,'error','files left out: 0; at most 0 is allowed','no authority sets a number; a file that was not read is not clean','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(24,'harbour office','coverage.messages_without_text','max 0',0.0,NULL,NULL,'estimate','held',0,NULL,'warning','messages without text: 0; at most 0 is allowed','no authority sets a number; a message without text may have its text where nobody looked','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(25,'harbour office','coverage.without_text_share','max 0.01',0.0,NULL,NULL,'estimate','held',0,NULL,'error','share of messages that say nothing: 0 %; at most 1 % is allowed','no authority sets a number; a few messages are empty, or pictures only; many mean that the text is elsewhere','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(26,'harbour office','coverage.times_not_understood','max 0',0.0,NULL,NULL,'estimate','held',0,NULL,'warning','times not understood: 0; at most 0 is allowed','no authority sets a number; what has no time cannot be held to a limit','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(27,'harbour office','coverage.times_not_understood_share','max 0.01',0.0,NULL,NULL,'estimate','held',0,NULL,'error','share of times not understood: 0 %; at most 1 % is allowed','no authority sets a number; a few times are slips, many mean that the field is another or written otherwise','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(28,'harbour office','coverage.without_user_share','max 0.01',0.0,NULL,NULL,'estimate','held',0,NULL,'error','messages that name nobody: 0 %; at most 1 % is allowed','no authority sets a number; what names nobody is in no figure about people','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(29,'harbour office','coverage.listed_unknown','max 0',NULL,NULL,NULL,'estimate','not_judged',0,'nobody is listed (--opted-out)','warning','listed ids that match nobody: not judged, nobody is listed (--opted-out); it need not be','no authority sets a number; a listed id that matches nobody may be one that is spelt otherwise','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(30,'harbour office','coverage.unsearched_fields','max 0',5.0,NULL,NULL,'estimate','broken',1,NULL,'error','fields that nothing looked at: 5; at most 0 is allowed','no authority sets a number; a field that nothing looked at would be published unseen','judgement','policy.yaml:3:12');
INSERT INTO "checks" VALUES(31,'harbour office','qi.individual_max','max 0.1',NULL,NULL,NULL,'upper','not_judged',1,'there is no sampling weight: use --weight','error','highest individual risk: not judged, there is no sampling weight: use --weight',NULL,NULL,'policy.yaml:11:7');
INSERT INTO "checks" VALUES(32,'harbour office','tokens.rtu','max 0.999',1.0,NULL,NULL,'estimate','broken',0,NULL,'warning','rare-token uniqueness score: 100 %; at most 99.9 % is allowed',NULL,NULL,'policy.yaml:14:7');
CREATE TABLE document (
    json TEXT NOT NULL
);
CREATE TABLE histogram (
    size    INTEGER PRIMARY KEY,
    classes INTEGER NOT NULL
);
INSERT INTO "histogram" VALUES(1,6);
INSERT INTO "histogram" VALUES(2,4);
CREATE TABLE metrics (
    name   TEXT PRIMARY KEY,
    value  REAL,            -- NULL: not known, `why` says why
    low    REAL,            -- ends of the 95 % interval, where the figure is an estimate
    high   REAL,
    unit   TEXT NOT NULL,   -- share (of 1), users, tokens ...
    worse  TEXT NOT NULL,   -- higher, lower or neither
    why    TEXT
);
INSERT INTO "metrics" VALUES('qi.k',1.0,NULL,NULL,'users','lower',NULL);
INSERT INTO "metrics" VALUES('qi.classes',10.0,NULL,NULL,'classes','higher',NULL);
INSERT INTO "metrics" VALUES('qi.unique_users',6.0,NULL,NULL,'users','higher',NULL);
INSERT INTO "metrics" VALUES('qi.unique_share',4.28571428571428547638e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('qi.below_k_share',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('qi.prosecutor_max',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('qi.prosecutor_mean',7.14285714285714301574e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('qi.records_at_risk',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.distinct',563.0,NULL,NULL,'tokens','neither',NULL);
INSERT INTO "metrics" VALUES('tokens.unique',463.0,NULL,NULL,'tokens','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.below_k',533.0,NULL,NULL,'tokens','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.unique_share',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.signature_share',2.14285714285714273819e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.unicity_p1',6.51961843911510241511e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.rtu',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.identifying_below_k',18.0,NULL,NULL,'tokens','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.identifying_users_share',6.42857142857142904723e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.unicity_p2',8.67343698493534764892e-01,7.84962748491240813741e-01,9.38813764860245925092e-01,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.unicity_p3',9.41114774739451265261e-01,8.89850583090379121387e-01,9.81897223174984290494e-01,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.unicity_p4',9.72381299458558889803e-01,9.38866618075801739884e-01,9.96234207968901830376e-01,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.unicity_p5',9.8638588088296530465e-01,9.68221574344023339087e-01,9.98906705539358674705e-01,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.worst_m1',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.worst_m2',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('tokens.worst_m3',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('qi.journalist_max',NULL,NULL,NULL,'share','higher','there is no population table: use --population-table');
INSERT INTO "metrics" VALUES('qi.journalist_mean',NULL,NULL,NULL,'share','higher','there is no population table: use --population-table');
INSERT INTO "metrics" VALUES('qi.marketer',NULL,NULL,NULL,'share','higher','there is no population table: use --population-table');
INSERT INTO "metrics" VALUES('qi.k_map',NULL,NULL,NULL,'people','lower','there is no population table: use --population-table');
INSERT INTO "metrics" VALUES('qi.delta_presence_min',NULL,NULL,NULL,'share','lower','there is no population table: use --population-table');
INSERT INTO "metrics" VALUES('qi.delta_presence_max',NULL,NULL,NULL,'share','higher','there is no population table: use --population-table');
INSERT INTO "metrics" VALUES('qi.individual_max',NULL,NULL,NULL,'share','higher','there is no sampling weight: use --weight');
INSERT INTO "metrics" VALUES('qi.individual_mean',NULL,NULL,NULL,'share','higher','there is no sampling weight: use --weight');
INSERT INTO "metrics" VALUES('suda.msu_users_share',4.28571428571428547638e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('suda.score_max',1.0,NULL,NULL,'score','higher',NULL);
INSERT INTO "metrics" VALUES('suda.score_mean',4.28571428571428547638e-01,NULL,NULL,'score','higher',NULL);
INSERT INTO "metrics" VALUES('suda.dis_max',7.51879699248120259014e-03,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('suda.dis_mean',3.22234156820622955758e-03,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('inference.l_distinct',1.0,NULL,NULL,'values','lower',NULL);
INSERT INTO "metrics" VALUES('inference.l_entropy',1.0,NULL,NULL,'values','lower',NULL);
INSERT INTO "metrics" VALUES('inference.c_recursive',1.0,NULL,NULL,'ratio','higher',NULL);
INSERT INTO "metrics" VALUES('inference.alpha',1.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('inference.t',8.57142857142857206298e-01,NULL,NULL,'distance','higher',NULL);
INSERT INTO "metrics" VALUES('inference.beta',6.00000000000000088817e+00,NULL,NULL,'ratio','higher',NULL);
INSERT INTO "metrics" VALUES('inference.beta_enhanced',2.63905732961525885116e+00,NULL,NULL,'ratio','higher',NULL);
INSERT INTO "metrics" VALUES('inference.delta',1.94591014905531323186e+00,NULL,NULL,'log ratio','higher',NULL);
INSERT INTO "metrics" VALUES('population.unique_share',NULL,NULL,NULL,'share','higher','the size of the population is not known: use --population');
INSERT INTO "metrics" VALUES('population.pitman',NULL,NULL,NULL,'share','higher','the size of the population is not known: use --population');
INSERT INTO "metrics" VALUES('population.zayatz',NULL,NULL,NULL,'share','higher','the size of the population is not known: use --population');
INSERT INTO "metrics" VALUES('population.snb',NULL,NULL,NULL,'share','higher','the size of the population is not known: use --population');
INSERT INTO "metrics" VALUES('link.eligible_users',NULL,NULL,NULL,'users','neither','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.candidates',NULL,NULL,NULL,'users','neither','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.chance',NULL,NULL,NULL,'share','neither','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.top1',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.top5',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.top10',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.mrr',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.auc',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.recall_p50',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.recall_p90',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.recall_p99',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.advantage',NULL,NULL,NULL,'share','higher','nobody has enough messages in two separate conversations to be attacked');
INSERT INTO "metrics" VALUES('link.pairs_p50',NULL,NULL,NULL,'pairs','higher','there are users: see link.top1');
INSERT INTO "metrics" VALUES('link.pairs_p90',NULL,NULL,NULL,'pairs','higher','there are users: see link.top1');
INSERT INTO "metrics" VALUES('link.pairs_p99',NULL,NULL,NULL,'pairs','higher','there are users: see link.top1');
INSERT INTO "metrics" VALUES('ext.eligible_users',NULL,NULL,NULL,'users','neither','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.candidates',NULL,NULL,NULL,'users','neither','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.chance',NULL,NULL,NULL,'share','neither','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.top1',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.top5',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.top10',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.mrr',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.auc',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.recall_p50',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.recall_p90',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.recall_p99',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.advantage',NULL,NULL,NULL,'share','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.pairs_p50',NULL,NULL,NULL,'pairs','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.pairs_p90',NULL,NULL,NULL,'pairs','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('ext.pairs_p99',NULL,NULL,NULL,'pairs','higher','there is no other corpus: use --aux');
INSERT INTO "metrics" VALUES('identifiers.total',3.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.users_share',2.14285714285714273819e-01,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.secret',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.crypto',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.iban',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.card',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.national_id',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.email',1.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.url_user',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.phone',1.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.ip',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.mac',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.coordinates',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.street',1.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.handle',0.0,NULL,NULL,'hits','higher',NULL);
INSERT INTO "metrics" VALUES('identifiers.placeholders',0.0,NULL,NULL,'hits','neither',NULL);
INSERT INTO "metrics" VALUES('identifiers.reversible_keys',NULL,NULL,NULL,'users','higher','not tried: name a space with --try-keys');
INSERT INTO "metrics" VALUES('consent.opted_out_users',NULL,NULL,NULL,'users','higher','nobody is listed: use --opted-out');
INSERT INTO "metrics" VALUES('consent.opted_out_messages',NULL,NULL,NULL,'messages','higher','nobody is listed: use --opted-out');
INSERT INTO "metrics" VALUES('consent.near_duplicates',NULL,NULL,NULL,'conversations','higher','nobody is listed: use --opted-out');
INSERT INTO "metrics" VALUES('consent.refused_users',NULL,NULL,NULL,'users','higher','no field says who consented: use --map consent=FIELD');
INSERT INTO "metrics" VALUES('consent.refused_messages',NULL,NULL,NULL,'messages','higher','no field says who consented: use --map consent=FIELD');
INSERT INTO "metrics" VALUES('consent.shared_conversations',0.0,NULL,NULL,'conversations','higher',NULL);
INSERT INTO "metrics" VALUES('retention.expired_messages',NULL,NULL,NULL,'messages','higher','no policy has a limit: retention_days');
INSERT INTO "metrics" VALUES('retention.span_days',3.30979293981481475844e+02,NULL,NULL,'days','neither',NULL);
INSERT INTO "metrics" VALUES('coverage.rejected_share',0.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.unread_bytes_share',0.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.unread_files',0.0,NULL,NULL,'files','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.messages_without_text',0.0,NULL,NULL,'messages','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.without_text_share',0.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.times_not_understood',0.0,NULL,NULL,'messages','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.times_not_understood_share',0.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.without_user_share',0.0,NULL,NULL,'share','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.unsearched_fields',5.0,NULL,NULL,'fields','higher',NULL);
INSERT INTO "metrics" VALUES('coverage.listed_unknown',NULL,NULL,NULL,'ids','higher','nobody is listed (--opted-out)');
CREATE TABLE neighbours (
    number    INTEGER NOT NULL REFERENCES checks (number),
    threshold REAL NOT NULL,
    verdict   TEXT NOT NULL,
    PRIMARY KEY (number, threshold)
) WITHOUT ROWID;
INSERT INTO "neighbours" VALUES(2,2.0,'broken');
INSERT INTO "neighbours" VALUES(2,5.0,'broken');
INSERT INTO "neighbours" VALUES(2,11.0,'broken');
INSERT INTO "neighbours" VALUES(3,0.01,'broken');
INSERT INTO "neighbours" VALUES(3,0.05,'broken');
INSERT INTO "neighbours" VALUES(4,0.05,'broken');
INSERT INTO "neighbours" VALUES(4,0.2,'broken');
INSERT INTO "neighbours" VALUES(5,0.01,'broken');
INSERT INTO "neighbours" VALUES(5,0.05,'broken');
INSERT INTO "neighbours" VALUES(5,0.1,'broken');
INSERT INTO "neighbours" VALUES(7,3.0,'broken');
INSERT INTO "neighbours" VALUES(8,0.2,'broken');
INSERT INTO "neighbours" VALUES(9,10.0,'broken');
INSERT INTO "neighbours" VALUES(9,100.0,'held');
INSERT INTO "neighbours" VALUES(10,0.2,'broken');
INSERT INTO "neighbours" VALUES(10,0.8,'broken');
INSERT INTO "neighbours" VALUES(11,0.02,'broken');
INSERT INTO "neighbours" VALUES(11,0.2,'broken');
INSERT INTO "neighbours" VALUES(12,0.01,'broken');
INSERT INTO "neighbours" VALUES(12,0.2,'broken');
INSERT INTO "neighbours" VALUES(13,0.05,'broken');
INSERT INTO "neighbours" VALUES(13,0.2,'broken');
INSERT INTO "neighbours" VALUES(15,1.0,'broken');
INSERT INTO "neighbours" VALUES(15,10.0,'held');
INSERT INTO "neighbours" VALUES(21,0.001,'held');
INSERT INTO "neighbours" VALUES(21,0.01,'held');
INSERT INTO "neighbours" VALUES(22,0.001,'held');
INSERT INTO "neighbours" VALUES(22,0.01,'held');
INSERT INTO "neighbours" VALUES(23,1.0,'held');
INSERT INTO "neighbours" VALUES(23,10.0,'held');
INSERT INTO "neighbours" VALUES(24,10.0,'held');
INSERT INTO "neighbours" VALUES(24,100.0,'held');
INSERT INTO "neighbours" VALUES(25,0.0,'held');
INSERT INTO "neighbours" VALUES(25,0.05,'held');
INSERT INTO "neighbours" VALUES(26,10.0,'held');
INSERT INTO "neighbours" VALUES(26,100.0,'held');
INSERT INTO "neighbours" VALUES(27,0.0,'held');
INSERT INTO "neighbours" VALUES(27,0.05,'held');
INSERT INTO "neighbours" VALUES(28,0.0,'held');
INSERT INTO "neighbours" VALUES(28,0.05,'held');
INSERT INTO "neighbours" VALUES(30,1.0,'broken');
INSERT INTO "neighbours" VALUES(30,3.0,'broken');
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
INSERT INTO "sources" VALUES(1,'corpus.jsonl','jsonl','jsonl','none',35236,'1492e56a36ad05f8bd0a79c65aca90b4ba2cd3c5dbe02bcb2b432a3e7f7ef2d4',90,0);
CREATE TABLE token_distribution (
    n             INTEGER NOT NULL,
    users         INTEGER NOT NULL,
    tokens        INTEGER NOT NULL,
    users_reached INTEGER,
    users_reached_cumulated INTEGER,
    PRIMARY KEY (n, users)
) WITHOUT ROWID;
INSERT INTO "token_distribution" VALUES(1,1,463,14,14);
INSERT INTO "token_distribution" VALUES(1,2,70,14,14);
INSERT INTO "token_distribution" VALUES(1,3,25,10,14);
INSERT INTO "token_distribution" VALUES(1,4,5,4,14);
INSERT INTO "token_distribution" VALUES(2,1,832,14,14);
INSERT INTO "token_distribution" VALUES(2,2,8,8,14);
CREATE TABLE users (
    rank    INTEGER PRIMARY KEY,
    user    TEXT NOT NULL,
    risk    REAL,
    reasons TEXT             -- separated by line feeds
);
INSERT INTO "users" VALUES(1,'user #1',1.0,'only 2 users share the quasi-identifiers
73 words that no other user uses, among them: •• (2 digits), a number; • (1 digit), a number; s••••••• (8 letters)');
INSERT INTO "users" VALUES(2,'user #5',1.0,'unique by the quasi-identifiers
68 words that no other user uses, among them: ••• (3 digits), a number; • (1 digit), a number; •••• (4 digits), a number');
INSERT INTO "users" VALUES(3,'user #11',1.0,'unique by the quasi-identifiers
48 words that no other user uses, among them: g••••• (6 letters), name-like; •• (2 digits), a number; •••• (4 letters)');
INSERT INTO "users" VALUES(4,'user #14',1.0,'only 2 users share the quasi-identifiers
46 words that no other user uses, among them: •••• (4 letters), name-like; •••• (4 digits), a number; m•••••••• (10 letters)');
INSERT INTO "users" VALUES(5,'user #4',1.0,'unique by the quasi-identifiers
45 words that no other user uses, among them: d•••••••• (12 letters), name-like; •• (2 letters); н•••••••• (9 letters)');
INSERT INTO "users" VALUES(6,'user #6',1.0,'unique by the quasi-identifiers
36 words that no other user uses, among them: •••••••• (12 digits), a number; g•••••••• (15 letters); s•••••••• (10 letters)');
INSERT INTO "users" VALUES(7,'user #9',1.0,'only 2 users share the quasi-identifiers
28 words that no other user uses, among them: •••••••• (11 characters), of an e-mail address; •••••••• (11 characters), of an e-mail address; p•••••••• (11 letters), name-like
2 rare words in two conversations or more');
INSERT INTO "users" VALUES(8,'user #2',1.0,'unique by the quasi-identifiers
26 words that no other user uses, among them: •• (2 ideographs); • (1 ideograph); • (1 ideograph)
6 rare words in two conversations or more');
INSERT INTO "users" VALUES(9,'user #13',1.0,'only 2 users share the quasi-identifiers
21 words that no other user uses, among them: •• (2 digits), a number; •• (2 letters); ч••••• (6 letters)');
INSERT INTO "users" VALUES(10,'user #12',1.0,'unique by the quasi-identifiers
19 words that no other user uses, among them: •• (2 letters); s•••••••• (10 letters); •••• (4 letters)');
INSERT INTO "users" VALUES(11,'user #7',1.0,'only 2 users share the quasi-identifiers
16 words that no other user uses, among them: •••••••• (9 letters and digits), a code; ••• (3 ideographs); ••• (3 ideographs)');
INSERT INTO "users" VALUES(12,'user #8',1.0,'only 2 users share the quasi-identifiers
14 words that no other user uses, among them: ••• (3 letters); •••• (4 letters); w•••• (5 letters)');
INSERT INTO "users" VALUES(13,'user #3',1.0,'only 2 users share the quasi-identifiers
12 words that no other user uses, among them: •• (2 ideographs); •• (2 ideographs); •• (2 ideographs)
4 rare words in two conversations or more');
INSERT INTO "users" VALUES(14,'user #10',1.0,'only 2 users share the quasi-identifiers
11 words that no other user uses, among them: •••• (4 letters); •••• (4 letters); •••• (4 letters)');
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
INSERT INTO "waivers" VALUES(1,'harbour office','qi.unique_share','2999-12-31','used','the crew list is public | see <ticket 7>','data protection officer','policy.yaml:18:7');
INSERT INTO "waivers" VALUES(2,'harbour office','qi.marketer','2999-12-31','unused','never needed',NULL,'policy.yaml:22:7');
INSERT INTO "waivers" VALUES(3,'harbour office','tokens.unicity_p1','2020-01-01','ended','long over',NULL,'policy.yaml:25:7');
CREATE TABLE warnings (
    number INTEGER PRIMARY KEY,
    text   TEXT NOT NULL
);
INSERT INTO "warnings" VALUES(1,'The fields were guessed by their names: user = user, conversation = conversation, reply_to = reply_to, role = role, time = timestamp, text = text; override a guess with --map KEY=PATH.');
INSERT INTO "warnings" VALUES(2,'country, age, device tell users apart and are not among the quasi-identifiers: name with --qi what an outsider may know');
CREATE INDEX checks_by_metric ON checks (metric);
CREATE INDEX users_by_risk ON users (risk);
CREATE VIEW figures AS
    SELECT name,
           CASE unit WHEN 'share' THEN 100 * value ELSE value END AS value,
           CASE unit WHEN 'share' THEN 100 * low ELSE low END AS low,
           CASE unit WHEN 'share' THEN 100 * high ELSE high END AS high,
           CASE unit WHEN 'share' THEN '%' ELSE unit END AS unit,
           worse
    FROM metrics WHERE value IS NOT NULL;
CREATE VIEW broken AS
    SELECT policy, metric, rule, value, verdict, reason, source FROM checks
    WHERE severity = 'error' AND verdict IN ('fail', 'unknown');
COMMIT;
