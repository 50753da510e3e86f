"""Requests made up for measuring: streets, troubles, times and wishes, the same things said in Kazakh and in Russian.

Written as people write, and not out of the list of concepts (`issues/concepts.csv`): `share_listed` says how many of
their words stand in it. `mixed`, `in_other_words` and
`translated` say a part of a text in the other language.
"""

from __future__ import annotations

import random
from typing import NamedTuple

STREETS = (
    "Абай", "Достық", "Бейбітшілік", "Төле би", "Қазыбек би", "Әйтеке би", "Жамбыл", "Сәтбаев", "Мәметова", "Момышұлы",
    "Жібек жолы", "Тәуелсіздік", "Наурыз", "Желтоқсан", "Қонаев", "Молдағұлова", "Райымбек", "Бөгенбай", "Қабанбай",
    "Алатау", "Ақсу", "Сырдария", "Шәмші", "Әуезов", "Мұратбаев", "Панфилов", "Гагарин", "Степная", "Садовая",
    "Озёрная",
)  # fmt: skip
#: The same things in Kazakh and in Russian.
THINGS = (
    ("көше жарығы жанбайды", "не горит уличное освещение"),
    ("ауыз су берілмейді", "нет питьевой воды"),
    ("жол жөндеуді қажет етеді", "дорога требует ремонта"),
    ("газ құбыры тартылмаған", "не проведён газопровод"),
    ("қоқыс уақытында шығарылмайды", "мусор не вывозят вовремя"),
    ("балабақшада орын жоқ", "нет мест в детском саду"),
    ("мектептің шатыры ағады", "течёт крыша школы"),
    ("интернет өте баяу", "очень медленный интернет"),
    ("аялдама орнатылмаған", "не установлена остановка"),
    ("қаңғыбас иттер көп", "много бродячих собак"),
    ("кәріз жүйесі бітеліп қалды", "засорилась канализация"),
    ("фельдшерлік пункт жабық", "закрыт фельдшерский пункт"),
    ("көпір опырылып барады", "разрушается мост"),
    ("электр желісі ескірген", "устарели электросети"),
    ("жайылым жері жетіспейді", "не хватает пастбищ"),
    ("ағын су жетпейді", "не хватает поливной воды"),
    ("тротуар салынбаған", "не построен тротуар"),
    ("спорт алаңы қирап қалған", "разрушена спортивная площадка"),
    ("автобус жүрмейді", "не ходит автобус"),
    ("жылу әлсіз беріледі", "слабо топят"),
    ("аулада балалар ойнайтын жер жоқ", "во дворе детям негде играть"),
    ("көктемде үйлерді су басады", "весной топит дома"),
    ("жедел жәрдем кеш келеді", "скорая приезжает с опозданием"),
    ("дәріханада қажетті дәрі болмайды", "в аптеке не бывает нужных лекарств"),
    ("шаңнан терезе аша алмаймыз", "из-за пыли не открыть окна"),
    ("зейнетақы кешігіп түседі", "пенсия приходит с задержкой"),
    ("ұялы байланыс тек төбеде ұстайды", "сотовый ловит только на холме"),
    ("бағдаршам жұмыс істемейді", "светофор не работает"),
    ("түнде мас адамдар шулайды", "ночью шумят пьяные"),
    ("кітапхана ғимараты суық", "в здании библиотеки холодно"),
    ("жас мамандарға баспана берілмеді", "молодым специалистам не дали жильё"),
    ("құдықтың суы лайланып шығады", "из колодца идёт мутная вода"),
    ("қысқы көмір қымбаттап кетті", "подорожал уголь на зиму"),
    ("малды егетін дәрігер келмейді", "не приезжает врач прививать скот"),
    ("мұғалім жетіспегендіктен сабақ өтпейді", "уроки не идут, учителей не хватает"),
    ("трансформатор күйіп кетті", "сгорел трансформатор"),
    ("ағаштар қурап тұр", "деревья высохли"),
    ("зираттың қоршауы құлады", "упала ограда кладбища"),
    ("қар тазаланбайды", "снег не чистят"),
    ("несие алуға құжат қабылдамайды", "на кредит не принимают документы"),
    ("пошта аптасына бір-ақ рет ашылады", "почта открывается раз в неделю"),
    ("учаскелік инспекторды таба алмаймыз", "не можем найти участкового"),
    ("лифт тоқтап қалды", "лифт стоит"),
    ("мүгедектер арбасына пандус жоқ", "нет пандуса для коляски"),
    ("қамыс өртеніп, түтін басты", "горит камыш, всё в дыму"),
    ("өзен жағасы шайылып барады", "размывает берег реки"),
    ("базар маңында көлік қоятын жер жоқ", "у рынка негде поставить машину"),
    ("жаңа үйлерге мекенжай берілмеген", "новым домам не присвоен адрес"),
    ("ауыл клубында жылыту қазандығы жарылды", "в клубе лопнул котёл"),
    ("шегіртке егінді жеп жатыр", "саранча ест посевы"),
)
WHEN = (
    ("былтырдан бері", "с прошлого года"),
    ("үш айдан бері", "уже три месяца"),
    ("қыс бойы", "всю зиму"),
    ("көктемнен бері", "с весны"),
    ("екі жылдан бері", "два года"),
    ("осы аптадан", "с этой недели"),
    ("наурыз мерекесінен кейін", "после праздника Наурыз"),
    ("таңертең ерте", "рано по утрам"),
    ("сенбі мен жексенбіде", "по выходным"),
    ("жаңбыр жауған сайын", "каждый раз после дождя"),
    ("жылына бірнеше рет", "несколько раз в год"),
    ("көптен бері", "давно"),
)
WISHES = (
    ("қашан жөнделеді?", "когда починят?"),
    ("шара қолдануыңызды сұраймыз", "просим принять меры"),
    ("тұрғындар шағымданып жүр", "жители жалуются"),
    ("жауапты адам кім?", "кто отвечает?"),
    ("бюджетке енгізіле ме?", "войдёт ли в бюджет?"),
    ("бізге көмектесіңіздер", "помогите нам"),
    ("нақты мерзімін айтыңызшы", "назовите точный срок"),
    ("комиссия жіберсеңіз екен", "пришлите комиссию"),
    ("ешкім көңіл бөлмейді", "никому нет дела"),
    ("уәде орындалған жоқ", "обещание не выполнено"),
    ("қаржы бөлінді ме?", "выделены ли деньги?"),
    ("мердігер неге тоқтады?", "почему остановился подрядчик?"),
)
FRAMES = (
    ("{street} көшесі {house}-үйде {when} {thing}, {wish}", "По улице {street}, дом {house}, {thing} {when}, {wish}"),
    ("{when} {thing}: {street} {house}. {wish}", "{when} {thing}: {street}, {house}. {wish}"),
    (
        "{wish} {street} көшесінің {house}-үйі маңында {thing} {when}",
        "{wish} Возле дома {house} на {street} {thing} {when}",
    ),
)
TO_RUSSIAN = str.maketrans("әғқңөұүһі", "агкноуухи")
TO_LATIN = str.maketrans("асеоірхАСЕОІРХКМТВН", "aceoipxACEOIPXKMTBH")


class Told(NamedTuple):
    """What a request says: the number of its frame, thing, time and wish, where, and its language (0 kk, 1 ru)."""

    frame: int
    thing: int
    when: int
    wish: int
    street: str
    house: int
    language: int

    def text(self, *, frame: int | None = None, thing: int | None = None, rest: int | None = None) -> str:
        """In its language, or these parts in another one."""
        own = self.language
        rest = own if rest is None else rest
        return FRAMES[self.frame][own if frame is None else frame].format(
            thing=THINGS[self.thing][own if thing is None else thing],
            when=WHEN[self.when][rest],
            wish=WISHES[self.wish][rest],
            street=self.street,
            house=self.house,
        )


def told(rng: random.Random) -> Told:
    """A request as an office enters it."""
    return Told(
        rng.randrange(len(FRAMES)), rng.randrange(len(THINGS)), rng.randrange(len(WHEN)), rng.randrange(len(WISHES)),
        rng.choice(STREETS), rng.randint(1, 180), int(rng.random() < 0.4),
    )  # fmt: skip


# -- The same request once more -------------------------------------------------------------------
def spelled(one: Told, rng: random.Random) -> str:
    """Kazakh letters as their Russian neighbours, and two slips of the keyboard."""
    letters = list(one.text().translate(TO_RUSSIAN))
    for _slip in range(2):
        place = rng.randrange(len(letters))
        if rng.random() < 0.5:
            del letters[place]
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def shuffled(one: Told, rng: random.Random) -> str:
    parts = one.text().replace(",", "").split()
    rng.shuffle(parts)
    return " ".join(parts)


def latin(one: Told, rng: random.Random) -> str:
    """Half of the words typed with Latin look-alikes."""
    return " ".join(word.translate(TO_LATIN) if rng.random() < 0.5 else word for word in one.text().split())


def mixed(one: Told, _rng: random.Random) -> str:
    """When, and what is wished, said in the other language."""
    return one.text(rest=1 - one.language)


def in_other_words(one: Told, _rng: random.Random) -> str:
    """What is wrong said in the other language."""
    return one.text(thing=1 - one.language)


def translated(one: Told, _rng: random.Random) -> str:
    """Everything but the name of the street in the other language."""
    return one.text(frame=1 - one.language, thing=1 - one.language, rest=1 - one.language)


def share_listed() -> tuple[int, int]:
    """How many words of the things, times and wishes there are, and how many of them the list of concepts knows."""
    from issues.concepts import things, words
    from journal.dates import fold

    listed = words().names
    said = {word for pairs in (THINGS, WHEN, WISHES) for pair in pairs for text in pair for word in fold(text).split()}
    return len(said), sum(things(word) <= listed for word in said)
