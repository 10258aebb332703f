"""Words for fictional people: first names from many places, family names that say «example»."""

from __future__ import annotations

FAMILY = (
    "Example", "Sample", "Specimen", "Demo", "Prototype", "Fictif", "Échantillon", "Exemple",
    "Muster", "Ejemplo", "Przykład", "Örnek", "Halimbawa", "Mfano", "Invented", "Imaginaire",
)  # fmt: skip

NEWCOMERS = (
    "Amina", "Dmytro", "Ngozi", "Lin", "Maria", "Arjun", "Fatou", "Olena", "José", "Thị Mai",
    "Yusuf", "Grace", "Élodie", "Ahmad", "Priya", "Kwame", "Ana Lucía", "Bilal", "Chiamaka",
    "Daria", "Emeka", "Farah", "Gurpreet", "Hanna", "Imran", "Jocelyn", "Kateryna", "Lakshmi",
    "Moussa", "Nadia", "Oksana", "Paolo", "Rashid", "Søren", "Tatiana", "Uchenna", "Valentina",
    "Wei", "Ximena", "Yara", "Zoë", "Abebe", "Beatriz", "Cheikh", "Divya", "Esra", "Florence",
    "Gabriel", "Hoa", "Isabel", "Joon-ho", "Khadija", "Léa", "Mihai", "Noor", "Oumar", "Pilar",
    "Quỳnh", "Rosa", "Samira", "Taras", "Ursula", "Vikram", "Wanjiku", "Yevhen",
)  # fmt: skip

LOCALS = (
    "Ruth", "Paul", "Claire", "Marc", "Rachel", "Luc", "Anne", "Donald", "Heather", "Ian",
    "Joan", "Kenneth", "Lorraine", "Murdena", "Neil", "Odette", "Peter", "Réjean", "Sheila",
    "Thérèse", "Wayne", "Yvonne", "Angus", "Bernadette", "Cathy", "Denis", "Eileen", "Fernand",
    "Ginette", "Hector", "Isabelle", "Jean-Guy", "Katherine", "Léo", "Monique", "Norbert",
)  # fmt: skip

EMPLOYERS_EN = (
    "Sample Regional Hospital", "Example Carpet Works", "Demo Dairy Co-operative",
    "Specimen School Board", "Prototype Steel and Welding", "Fictional Town Council",
    "Sample Seafoods", "Imaginary Credit Union", "Example Care Home", "Demo Software House",
    "Sample Construction", "Invented Hotel and Inn", "Example Trucking", "Specimen Pharmacy",
    "Demo Agricultural College", "Sample Sawmill", "Example Accounting Partners",
    "Prototype Packaging", "Fictional Library", "Demo Garage",
)  # fmt: skip

EMPLOYERS_FR = (
    "Hôpital régional Échantillon", "Pâtes et papiers Exemple", "Coopérative laitière Démo",
    "District scolaire Fictif", "Soudure et acier Prototype", "Ville d’Exemple",
    "Fromagerie Spécimen", "Caisse populaire Imaginaire", "Foyer de soins Exemple",
    "Logiciels Démo", "Construction Échantillon", "Auberge Inventée", "Camionnage Exemple",
    "Pharmacie Spécimen", "Collège communautaire Fictif", "Scierie Échantillon",
    "Comptables associés Exemple", "Emballages Prototype", "Bibliothèque Fictive", "Garage Démo",
)  # fmt: skip

# NOC 2021 unit groups that small centres in the Atlantic provinces ask for.
OCCUPATIONS = (
    "31301", "72106", "21231", "33102", "73300", "42202", "11100", "62020", "75110", "63200",
    "21222", "32101", "41220", "70010", "22220", "84120", "94141", "12200", "31120", "65201",
    "72410", "60020", "44101", "13110", "21300",
)  # fmt: skip

INTERESTS_EN = ("hiking", "choir", "cooking", "football", "gardening", "chess", "volunteering",
                "photography", "fishing", "reading")  # fmt: skip
INTERESTS_FR = ("randonnée", "chorale", "cuisine", "soccer", "jardinage", "échecs", "bénévolat",
                "photographie", "pêche", "lecture")  # fmt: skip

OTHER_LANGUAGES = ("tl", "uk", "ar", "hi", "pa", "yo", "es", "pt", "vi", "zh", "sw", "tr", "wo")
