#include "synth/language.h"

const synth_language synth_languages[SYNTH_LANGUAGES] = {
    {.code = "en",
     .share = 44,
     .spaced = true,
     .common = "the to i a and of it is in that you for my on this with have but be not are was "
               "can do what if so just at me as like or they there when from we one would all your "
               "about how get an will some know think time up out more no now had people good has "
               "want really then did need because which who been them make only could should into "
               "over even most also after before work day way much use still right too well first "
               "where why here something never always maybe sure thing things going back other "
               "than any year years went made trying help please tell write better again long "
               "little new old last next same around since while off down two three week month "
               "night morning home house friend family school job money car phone food water "
               "doctor "
               "don't can't it's i'm that's didn't isn't won't you're i've let's doesn't",
     .topics = "bike chain tyres saddle gravel climb brakes wheels pedals commute puncture helmet|"
               "sourdough starter flour oven crust knead yeast loaf butter recipe baking dough|"
               "garden tomatoes compost seeds prune soil hedge slugs mulch roses watering beds|"
               "insulin glucose carbs fasting clinic dose meter pump snack endocrine levels diet|"
               "visa embassy permit passport interview sponsor consulate document border stamp|"
               "thesis supervisor chapter citation deadline draft defence reviewer appendix|"
               "mortgage tenant landlord deposit lease rent broker kitchen boiler viewing|"
               "python compiler function pointer branch merge database server kernel script|"
               "guitar chords tuning amplifier rehearsal drummer setlist vinyl melody capo|"
               "toddler nap daycare stroller teething bedtime nursery bottle tantrum cuddle|"
               "therapist anxiety panic sleep journal breathing session medication triggers|"
               "chess opening bishop endgame gambit tournament rating blunder castle knight",
     .syllable = "ba ber cal con cor dan del den der dis dor el en er fal fin for gan gen gra har "
                 "in jo ka ken la len lin lo lu mar men mer mi mon na nel nor ol or pa per pin pol "
                 "ra ren ri ro sa sel sen ser so sta ta tel ten ter ti tor tra un va ver vi vo wan "
                 "wel win",
     .comma = ",",
     .stop = ".",
     .question = "?",
     .exclaim = "!",
     .greetings = "hi|hello|hey there|good morning|dear all|hiya|yo|greetings",
     .farewells = "thanks|cheers|best wishes|many thanks in advance|bye now|take care|ta|regards",
     .countries = {{"US", -360}, {"GB", 0}, {"CA", -300}, {"AU", 600}, {"NG", 60}}},
    {.code = "de",
     .share = 12,
     .spaced = true,
     .common = "ich die und der das ist nicht es zu ein in mit mir für auf den so wie aber auch "
               "dass du habe was man noch wenn mich schon oder nur mal eine sich bei hat kann dann "
               "doch im von sind war als über nach jetzt mein immer würde können möchte müssen "
               "natürlich vielleicht später wäre größer schön früh nächste Tür Grüße Öl",
     .topics = "",
     .syllable = "ab an auf be bau berg burg dorf ein er fach feld gar ge grün haus heit hof kann "
                 "keit "
                 "kraft land lich lös mach mann mög nach nuss ob rat schaft schul spiel stück tag "
                 "tür über ung ver vor wald weg wein werk zeit zug",
     .comma = ",",
     .stop = ".",
     .question = "?",
     .exclaim = "!",
     .greetings = "hallo|guten Tag|moin|servus|grüß Gott|hi zusammen|liebe Leute|tach",
     .farewells = "danke|viele Grüße|beste Grüße|tschüss|schönen Abend|lg|bis dann|merci",
     .countries = {{"DE", 60}, {"AT", 60}, {"CH", 60}}},
    {.code = "fr",
     .share = 9,
     .spaced = true,
     .common = "je de la le et que les un à est pas en une pour des mais il ça vous dans qui sur "
               "au ne me avec plus mon tout bien si comme ou elle très être avoir faire même déjà "
               "après où peut était aussi sans quand votre leur fait été deux voilà problème "
               "année hôpital préféré français",
     .topics = "",
     .syllable = "a bon ca che clé con cour dé di do é fa fer fleur four gé gra jou la lé li lu ma "
                 "mai ment mer mi mon né ni pa pé pla pon pré ra ré ri ro sa sé si son ta té ti "
                 "tion tou va vé vi",
     .comma = ",",
     .stop = ".",
     .question = " ?",
     .exclaim = " !",
     .greetings = "bonjour|salut|coucou|bonsoir à tous|chère équipe|hello|allô|re",
     .farewells = "merci|à bientôt|cordialement|bonne soirée|bises|merci d'avance|ciao|à plus",
     .countries = {{"FR", 60}, {"BE", 60}, {"CA", -300}, {"SN", 0}}},
    {.code = "ru",
     .share = 9,
     .spaced = true,
     .common = "и в не на я что это с как мне у а но по так он меня все мы за уже бы вы есть если "
               "когда то от только или для можно был нет да просто очень надо чтобы тоже вот "
               "теперь потом почему где ещё была время день работа дома сегодня завтра",
     .topics = "",
     .syllable = "ба бе ва ве вод го гор да де до за зи ка ки ко кра ла ле ли ло ма ме ми мо на не "
                 "ни но пе пи по при ра ре ри ро са се ск со ста та те ти то тра ча ши",
     .comma = ",",
     .stop = ".",
     .question = "?",
     .exclaim = "!",
     .greetings = "привет|здравствуйте|добрый день|всем привет|доброе утро|хай|приветствую|салют",
     .farewells = "спасибо|пока|всего доброго|заранее спасибо|удачи|до связи|с уважением|спс",
     .countries = {{"RU", 180}, {"KZ", 300}, {"BY", 180}}},
    {.code = "ja",
     .share = 10,
     .spaced = false,
     .common =
         "の は が を に です ます と で も た て から いる ある こと それ これ 私 思い ない "
         "する ね よ か 今日 でも とても 人 時間 好き 行き 見 食べ 仕事 明日 家 本 友達 新しい "
         "大きい 少し もう まだ たぶん 一緒 ちょっと 本当 今 何",
     .topics = "",
     .syllable = "山 川 田 本 東 京 大 小 学 校 先 生 電 車 道 水 花 火 料 理 音 楽 写 真 旅 行 "
                 "映 画 天 気 空 港 新 聞 カ メ ラ テ ス ト ノ ー パ ン ケ",
     .comma = "、",
     .stop = "。",
     .question = "?",
     .exclaim = "!",
     .greetings = "こんにちは|おはよう|はじめまして|こんばんは|お疲れ様です|どうも|やあ|もしもし",
     .farewells = "ありがとう|またね|よろしくお願いします|では|失礼します|おやすみ|じゃあ|バイバイ",
     .countries = {{"JP", 540}}},
    {.code = "ar",
     .share = 7,
     .spaced = true,
     .common = "في من على أن إلى ما لا هذا عن مع كان هل أنا هو كل هذه بعد لكن قد لم يا أو كيف شيء "
               "اليوم عندي أريد ممكن جدا الآن كنت لماذا حتى قبل بين أيضا يوم وقت عمل بيت صديق",
     .topics = "",
     .syllable = "با بي تا تر جا جم حا حر خا دا در را رس زا سا سل شا صا طا عا عل غا فا قا كا كت لا "
                 "ما مد نا نو ها وا وس يا",
     .comma = "،",
     .stop = ".",
     .question = "؟",
     .exclaim = "!",
     .greetings = "مرحبا|السلام عليكم|أهلا|صباح الخير|مساء الخير|تحية طيبة|هلا|سلام",
     .farewells = "شكرا|مع السلامة|شكرا جزيلا|إلى اللقاء|تحياتي|بالتوفيق|وداعا|دمتم",
     .countries = {{"EG", 120}, {"MA", 60}, {"SA", 180}}},
    {.code = "th",
     .share = 4,
     .spaced = false,
     .common = "ที่ เป็น ไม่ ได้ มี ของ จะ ให้ ใน และ ก็ ไป มา ว่า กับ แล้ว นี้ คน เรา ผม ทำ อยู่ วัน ดี มาก "
               "บ้าน งาน เวลา เพื่อน กิน รู้ คิด อยาก ถ้า แต่ ยัง อะไร ทำไม น้ำ ใหม่",
     .topics = "",
     .syllable = "กา การ ขา คน งาน จัก ชา ดี ตา ทาง นา บ้าน ปลา พา มา ยา รา ลม วัน สี หา อา เมือง เรือ",
     .comma = " ",
     .stop = " ",
     .question = "?",
     .exclaim = "!",
     .greetings = "สวัสดี|หวัดดี|สวัสดีตอนเช้า|ดีจ้า|ทุกคน|ขอโทษนะ|ฮัลโหล|เรียนทุกท่าน",
     .farewells = "ขอบคุณ|ขอบใจ|ลาก่อน|แล้วเจอกัน|ขอบคุณมาก|ราตรีสวัสดิ์|บาย|โชคดี",
     .countries = {{"TH", 420}}},
    {.code = "hi",
     .share = 5,
     .spaced = true,
     .common = "है में के की का मैं को से यह और नहीं हैं तो पर मुझे भी क्या एक कि हो था मेरे लिए कर वह आप "
               "बहुत अब जब कैसे कुछ आज कल घर काम समय दिन दोस्त पानी खाना अच्छा नया सब क्यों",
     .topics = "",
     .syllable = "का की गा चा जा जी टा ता ती दा दी ना नी पा पु बा भा मा मी या रा री ला ली वा शा सा "
                 "सी हा ही",
     .comma = ",",
     .stop = "।",
     .question = "?",
     .exclaim = "!",
     .greetings = "नमस्ते|नमस्कार|सुप्रभात|प्रणाम|सभी को नमस्ते|अरे|हैलो|राम राम",
     .farewells = "धन्यवाद|शुक्रिया|फिर मिलेंगे|अलविदा|शुभ रात्रि|आभार|बाय|ध्यान रखना",
     .countries = {{"IN", 330}}},
};
