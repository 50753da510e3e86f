"""What was asked before, among 500,000 requests: how long it takes, what it finds, how often it cries wolf.

    DATABASE_URL=postgres://root@127.0.0.1:5432/postgres python -m benchmarks.similar [--rows 500000] [--asked 200]

Makes a database of its own and drops it: twenty regions of ten raions with twelve offices each, so some two
hundred requests an office and two and a half thousand a raion. Texts are made of streets, objects, troubles and
wishes in Kazakh and Russian. Measured with the rows read from PostgreSQL, through the querysets of the pages.
Marks: median 2 ms within the unit, 15 ms within the raion; recall at 10 of planted doubles 0.97.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Iterator

from .frame import analyze, database, table

SEED = 826
REGIONS, RAIONS, OFFICES = 20, 10, 12
STREETS = (
    "Абай", "Достық", "Бейбітшілік", "Төле би", "Қазыбек би", "Әйтеке би", "Жамбыл", "Сәтбаев", "Мәметова", "Момышұлы",
    "Жібек жолы", "Тәуелсіздік", "Наурыз", "Желтоқсан", "Қонаев", "Молдағұлова", "Райымбек", "Бөгенбай", "Қабанбай",
    "Алатау", "Ақсу", "Сырдария", "Шәмші", "Әуезов", "Мұратбаев", "Панфилов", "Гагарин", "Степная", "Садовая",
    "Озёрная",
)  # fmt: skip
#: The same things in Kazakh and in Russian.
THINGS = (
    ("көше жарығы жанбайды", "не горит уличное освещение"), ("ауыз су берілмейді", "нет питьевой воды"),
    ("жол жөндеуді қажет етеді", "дорога требует ремонта"), ("газ құбыры тартылмаған", "не проведён газопровод"),
    ("қоқыс уақытында шығарылмайды", "мусор не вывозят вовремя"), ("балабақшада орын жоқ", "нет мест в детском саду"),
    ("мектептің шатыры ағады", "течёт крыша школы"), ("интернет өте баяу", "очень медленный интернет"),
    ("аялдама орнатылмаған", "не установлена остановка"), ("қаңғыбас иттер көп", "много бродячих собак"),
    ("кәріз жүйесі бітеліп қалды", "засорилась канализация"), ("фельдшерлік пункт жабық", "закрыт фельдшерский пункт"),
    ("көпір опырылып барады", "разрушается мост"), ("электр желісі ескірген", "устарели электросети"),
    ("жайылым жері жетіспейді", "не хватает пастбищ"), ("ағын су жетпейді", "не хватает поливной воды"),
    ("тротуар салынбаған", "не построен тротуар"), ("спорт алаңы қирап қалған", "разрушена спортивная площадка"),
    ("автобус жүрмейді", "не ходит автобус"), ("жылу әлсіз беріледі", "слабо топят"),
)  # fmt: skip
WHEN = (
    ("былтырдан бері", "с прошлого года"), ("үш айдан бері", "уже три месяца"), ("қыс бойы", "всю зиму"),
    ("көктемнен бері", "с весны"), ("екі жылдан бері", "два года"), ("осы аптадан", "с этой недели"),
)  # fmt: skip
WISHES = (
    ("қашан жөнделеді?", "когда починят?"), ("шара қолдануыңызды сұраймыз", "просим принять меры"),
    ("тұрғындар шағымданып жүр", "жители жалуются"), ("жауапты адам кім?", "кто отвечает?"),
    ("бюджетке енгізіле ме?", "войдёт ли в бюджет?"), ("бізге көмектесіңіздер", "помогите нам"),
)  # fmt: skip
TO_RUSSIAN = str.maketrans("әғқңөұүһі", "агкноуухи")
TO_LATIN = str.maketrans("асеоірхАСЕОІРХКМТВН", "aceoipxACEOIPXKMTBH")


def sentence(rng: random.Random) -> str:
    """A request as an office enters it."""
    russian = rng.random() < 0.4
    thing, when, wish = rng.choice(THINGS), rng.choice(WHEN), rng.choice(WISHES)
    street, house = rng.choice(STREETS), rng.randint(1, 180)
    if russian:
        return f"По улице {street}, дом {house}, {thing[1]} {when[1]}, {wish[1]}"
    return f"{street} көшесі {house}-үйде {when[0]} {thing[0]}, {wish[0]}"


def spelled(text: str, rng: random.Random) -> str:
    """Kazakh letters as their Russian neighbours, and two slips of the keyboard."""
    letters = list(text.translate(TO_RUSSIAN))
    for _slip in range(2):
        place = rng.randrange(len(letters))
        if rng.random() < 0.5:
            del letters[place]
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def shuffled(text: str, rng: random.Random) -> str:
    words = text.replace(",", "").split()
    rng.shuffle(words)
    return " ".join(words)


def latin(text: str, rng: random.Random) -> str:
    """Half of the words typed with Latin look-alikes."""
    return " ".join(word.translate(TO_LATIN) if rng.random() < 0.5 else word for word in text.split())


def mixed(text: str, rng: random.Random) -> str:
    """When and what is wished said in the other language."""
    for pairs in (WHEN, WISHES):
        for kk, ru in pairs:
            if kk in text:
                text = text.replace(kk, ru)
                break
            if ru in text:
                text = text.replace(ru, kk)
                break
    return text


PLANTS: dict[str, Callable[[str, random.Random], str]] = {
    "changed spelling": spelled,
    "word order": shuffled,
    "Latin look-alikes": latin,
    "mixed language": mixed,
}


def tree() -> tuple[list, list]:
    """Offices and raions of a country made up for this."""
    from territories.models import Kind
    from tests.factories import unit

    offices, raions = [], []
    for r in range(REGIONS):
        region = unit(f"R{r}", Kind.OBLAST, own_akim=True, code=f"{10 + r}0000000")
        for n in range(RAIONS):
            raion = unit(f"R{r}-{n}", Kind.RAION, region, own_akim=True)
            raions.append(raion)
            offices += [unit(f"R{r}-{n}-{m}", Kind.OKRUG, raion, own_akim=True) for m in range(OFFICES)]
    return offices, raions


def rows(offices: list, count: int) -> Iterator:
    from issues.models import Request
    from issues.similar import fold, raion_of

    rng = random.Random(SEED)
    day = dt.date(2026, 1, 1)
    for number in range(count):
        office = offices[number % len(offices)]
        text = sentence(rng)
        yield Request(
            unit=office, region_id=office.region_id, raion_id=raion_of(office), place=office, source="letter",
            received_on=day + dt.timedelta(days=number % 330), text=text, folded=fold(text), classification="question",
        )  # fmt: skip


def fill(offices: list, count: int) -> None:
    from itertools import islice

    from issues.models import Request

    made = rows(offices, count)
    while batch := list(islice(made, 5000)):
        Request.objects.bulk_create(batch, batch_size=5000)


def milliseconds(works: list[Callable[[], object]]) -> tuple[float, float]:
    """Median and 95th percentile of wall-clock milliseconds, each work done once."""
    taken = []
    for work in works:
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return statistics.median(taken), taken[int(len(taken) * 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--asked", type=int, default=200)
    options = parser.parse_args()
    with database("akim_bench_similar"):
        measure(options.rows, options.asked)


def measure(count: int, asked: int) -> None:
    from django.db.models import Q

    from issues.models import Request
    from issues.similar import (
        FAR_CUTOFF,
        NEAR_CUTOFF,
        candidates,
        fold,
        ordered,
        raion_of,
        requests_for,
        similar_requests,
    )
    from territories.models import Role
    from territories.scope import Who
    from tests.factories import post

    offices, raions = tree()
    fill(offices, count)
    analyze()
    rng = random.Random(SEED + 1)
    staff = {}

    def who(unit) -> Who:
        if unit.pk not in staff:
            held = post(Role.OFFICE_STAFF, unit)
            staff[unit.pk] = Who(user=held.user, post=held)
        return staff[unit.pk]

    of_raion = {raion.pk: raion for raion in raions}
    chosen = [rng.choice(offices) for _ in range(asked)]
    texts = [sentence(rng) for _ in chosen]

    def circle(text: str, reader, where: Q, cutoff: float) -> list[tuple[int, float]]:
        seen = requests_for(reader, reader.path).filter(where)
        return ordered(fold(text), candidates(seen), cutoff=cutoff)

    def in_unit(text: str, office) -> list[tuple[int, float]]:
        return circle(text, who(office), Q(unit=office), NEAR_CUTOFF)

    def in_raion(text: str, office) -> list[tuple[int, float]]:
        raion = of_raion[raion_of(office)]
        return circle(text, who(raion), Q(raion=raion.pk), FAR_CUTOFF)

    for office in chosen:
        who(office), who(of_raion[raion_of(office)])
    pairs = list(zip(texts, chosen, strict=True))
    for text, office in pairs[:20]:  # warm
        in_unit(text, office), in_raion(text, office)
    unit_ms = milliseconds([lambda t=t, o=o: in_unit(t, o) for t, o in pairs])
    raion_ms = milliseconds([lambda t=t, o=o: in_raion(t, o) for t, o in pairs])
    whole_ms = milliseconds([lambda t=t, o=o: similar_requests(t, unit=o, who=who(o)) for t, o in pairs])

    found: dict[str, list[bool]] = {}
    targets = list(Request.objects.filter(unit__in=chosen).order_by("pk").values_list("pk", "text", "unit_id"))
    by_pk = {office.pk: office for office in offices}
    for pk, text, unit_id in rng.sample(targets, min(asked, len(targets))):
        for name, plant in PLANTS.items():
            double = plant(text, rng)
            for place, search in (("unit", in_unit), ("raion", in_raion)):
                hits = [hit for hit, _score in search(double, by_pk[unit_id])]
                found.setdefault(f"{name}, within the {place}", []).append(pk in hits)
    alarms_unit = statistics.mean(len(in_unit(text, office)) for text, office in pairs)
    alarms_raion = statistics.mean(len(in_raion(text, office)) for text, office in pairs)

    marks = [
        ("within the unit, median", f"{unit_ms[0]:.2f} ms", f"mark 2 ms; 95 %: {unit_ms[1]:.2f} ms"),
        ("within the raion, median", f"{raion_ms[0]:.1f} ms", f"mark 15 ms; 95 %: {raion_ms[1]:.1f} ms"),
        ("all circles of an okrug's staff, median", f"{whole_ms[0]:.1f} ms", f"95 %: {whole_ms[1]:.1f} ms"),
    ]
    table(f"Similar requests among {count:,} rows", marks)
    recall = [(name, f"{sum(hits) / len(hits):.3f}", f"of {len(hits)}; mark 0.97") for name, hits in found.items()]
    table("Recall at 10 of planted doubles", recall)
    table(
        "Suggestions for a new text that nobody asked before",
        [
            ("within the unit", f"{alarms_unit:.2f}", f"a text, at likeness {NEAR_CUTOFF:.0f} and more"),
            ("within the raion", f"{alarms_raion:.2f}", f"a text, at likeness {FAR_CUTOFF:.0f} and more"),
        ],
    )


if __name__ == "__main__":
    main()
