"""List L-2 and the first list of topics. Run again it changes nothing that is there."""

from django.db import migrations

# code, kk, ru, en, campaign, publication, quarterly, by photo
CHANNELS = [
    ("site", "Ресми интернет-ресурс", "Официальный интернет-ресурс", "Official internet resource", True, True, True, False),
    ("egov", "«Электрондық үкімет» веб-порталы", "Веб-портал «электронного правительства»", "E-government web portal", True, True, True, False),
    ("opendata", "Ашық деректер интернет-порталы", "Интернет-портал открытых данных", "Open-data internet portal", True, False, False, False),
    ("media", "Бұқаралық ақпарат құралдары", "Средства массовой информации", "Mass media", True, True, False, False),
    ("print", "Өңірлік баспасөз басылымдары", "Региональные печатные издания", "Regional print media", True, True, False, True),
    ("radio", "Радио", "Радио", "Radio", True, True, False, False),
    ("accounts", "Әкімдіктердің (әкім аппараттарының) ресми аккаунттары", "Официальные аккаунты акиматов (аппаратов акимов)", "Official accounts of akimats (akims' offices)", True, False, False, False),
    ("social", "Әлеуметтік желілер", "Социальные сети", "Social networks", True, False, False, False),
    ("public_places", "Жалпыға қолжетімді орындар", "Общедоступные места", "Public places", True, False, False, True),
]  # fmt: skip

# code, parent, kk, ru, en, proof
TOPICS = [
    ("roads", "", "Жолдар және көлік", "Дороги и транспорт", "Roads and transport", "photo"),
    ("roads-repair", "roads", "Жол жөндеу", "Ремонт дорог", "Repair of roads", "photo"),
    ("roads-bridges", "roads", "Көпірлер", "Мосты", "Bridges", "photo"),
    ("roads-transport", "roads", "Қоғамдық көлік, аялдамалар", "Общественный транспорт, остановки", "Public transport, stops", "document"),
    ("roads-safety", "roads", "Жол қауіпсіздігі", "Безопасность движения", "Road safety", "photo"),
    ("utilities", "", "Тұрғын үй-коммуналдық шаруашылық", "Жилищно-коммунальное хозяйство", "Utilities", "document"),
    ("utilities-water", "utilities", "Ауыз су", "Питьевая вода и водопроводные сети", "Drinking water and mains", "photo"),
    ("utilities-gas", "utilities", "Газдандыру", "Газификация", "Gas supply", "document"),
    ("utilities-power", "utilities", "Электрмен жабдықтау", "Электроснабжение", "Electricity", "document"),
    ("utilities-light", "utilities", "Көше жарығы", "Уличное освещение", "Street lighting", "photo"),
    ("utilities-heat", "utilities", "Жылу", "Теплоснабжение", "Heating", "document"),
    ("utilities-sewer", "utilities", "Кәріз және нөсер суы", "Канализация, в том числе ливневая", "Sewers and storm drains", "photo"),
    ("utilities-waste", "utilities", "Қоқыс шығару, тазалық", "Вывоз мусора, чистота", "Waste, cleanliness", "photo"),
    ("housing", "", "Тұрғын үй", "Жилье", "Housing", "document"),
    ("housing-queue", "housing", "Тұрғын үй кезегі", "Очередь на жилье", "Queue for housing", "document"),
    ("housing-unsafe", "housing", "Апатты үйлер", "Аварийное жилье", "Unsafe houses", "document"),
    ("land", "", "Жер және су", "Земля и вода", "Land and water", "document"),
    ("land-plots", "land", "Жер учаскелері", "Земельные участки", "Plots of land", "document"),
    ("land-pasture", "land", "Шабындық және жайылым", "Сенокосы и пастбища", "Hayfields and pastures", "document"),
    ("land-irrigation", "land", "Ағын су", "Поливная вода", "Irrigation water", "document"),
    ("amenities", "", "Абаттандыру және экология", "Благоустройство и экология", "Amenities and ecology", "photo"),
    ("amenities-streets", "amenities", "Көше, алаң, саябақ", "Улицы, площадки, парки", "Streets, squares, parks", "photo"),
    ("amenities-green", "amenities", "Жасыл желек", "Зеленые насаждения", "Greenery", "photo"),
    ("amenities-ecology", "amenities", "Экология", "Экология", "Ecology", "document"),
    ("amenities-animals", "amenities", "Қаңғыбас жануарлар", "Бродячие животные", "Stray animals", "text"),
    ("education", "", "Білім", "Образование", "Education", "document"),
    ("education-schools", "education", "Мектептер", "Школы, в том числе трехсменные", "Schools", "document"),
    ("education-kindergartens", "education", "Балабақшалар", "Детские сады", "Kindergartens", "document"),
    ("health", "", "Денсаулық сақтау", "Здравоохранение", "Health", "document"),
    ("health-clinics", "health", "Медициналық пункттер мен емханалар", "Медпункты и поликлиники", "Clinics", "document"),
    ("health-ambulance", "health", "Жедел жәрдем, дәрі-дәрмек", "Скорая помощь, лекарства", "Ambulance, medicines", "document"),
    ("social", "", "Әлеуметтік қолдау және жұмыс", "Социальная поддержка и занятость", "Social support and work", "document"),
    ("social-aid", "social", "Әлеуметтік көмек", "Социальная помощь", "Social aid", "document"),
    ("social-jobs", "social", "Жұмыспен қамту", "Занятость", "Employment", "document"),
    ("culture", "", "Мәдениет және спорт", "Культура и спорт", "Culture and sport", "document"),
    ("culture-houses", "culture", "Мәдениет үйлері, кітапханалар", "Дома культуры, библиотеки", "Houses of culture, libraries", "document"),
    ("culture-sport", "culture", "Спорт алаңдары", "Спортивные площадки", "Sports grounds", "photo"),
    ("connection", "", "Байланыс", "Связь", "Communication", "document"),
    ("connection-internet", "connection", "Интернет және ұялы байланыс", "Интернет и сотовая связь", "Internet and mobile network", "document"),
    ("connection-post", "connection", "Пошта", "Почта", "Post", "document"),
    ("business", "", "Кәсіпкерлік және ауыл шаруашылығы", "Предпринимательство и сельское хозяйство", "Business and farming", "document"),
    ("business-credit", "business", "Несиелер («Ауыл аманаты»)", "Кредиты («Ауыл аманаты»)", "Credits (“Auyl amanaty”)", "document"),
    ("business-farming", "business", "Мал және егін шаруашылығы", "Животноводство и растениеводство", "Stock and crops", "document"),
    ("order", "", "Құқықтық тәртіп", "Правопорядок", "Public order", "document"),
    ("order-police", "order", "Учаскелік полиция", "Участковые полиции", "District police officers", "document"),
    ("other", "", "Басқа", "Другое", "Other", "text"),
]  # fmt: skip


def fill(apps, schema_editor):
    channel, topic = apps.get_model("issues", "Channel"), apps.get_model("issues", "Topic")
    for order, (code, kk, ru, en, campaign, publication, quarterly, by_photo) in enumerate(CHANNELS, 1):
        channel.objects.get_or_create(
            code=code,
            defaults={
                "name_kk": kk,
                "name_ru": ru,
                "name_en": en,
                "campaign": campaign,
                "publication": publication,
                "quarterly": quarterly,
                "by_photo": by_photo,
                "order": order,
            },
        )
    for order, (code, parent, kk, ru, en, proof) in enumerate(TOPICS, 1):
        topic.objects.get_or_create(
            region=None,
            code=code,
            defaults={
                "parent_code": parent,
                "name_kk": kk,
                "name_ru": ru,
                "name_en": en,
                "proof": proof,
                "order": order * 10,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
