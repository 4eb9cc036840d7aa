#!/usr/bin/python3
"""Writes the demo shop's catalogue, assets/catalogue/demo.csv, with check digits and pinyin initials.

Run without arguments at the repository's root. Names are of kinds of goods, never of brands; the
EAN-13 codes have prefix 699 and valid check digits but belong to nobody that we know of.
"""
import csv

# kind zh, kind en, group, tax %, [(size, price)]
KINDS = '''
纯净水|Purified water|drinks|13|550 ml=2.00|1.5 L=3.50|5 L=9.90
矿泉水|Mineral water|drinks|13|350 ml=2.50|550 ml=3.00|1.5 L=5.50
苏打水|Soda water|drinks|13|330 ml=4.50|500 ml=5.50
可乐|Cola|drinks|13|330 ml=3.00|500 ml=3.50|2 L=7.90
无糖可乐|Cola zero|drinks|13|330 ml=3.00|500 ml=3.50
柠檬汽水|Lemonade|drinks|13|330 ml=3.00|500 ml=3.50
橙汁|Orange juice|drinks|13|250 ml=4.90|1 L=13.80
苹果汁|Apple juice|drinks|13|250 ml=4.90|1 L=13.80
葡萄汁|Grape juice|drinks|13|250 ml=5.50|1 L=15.80
绿茶|Green tea drink|drinks|13|500 ml=3.50|1 L=5.50
红茶|Black tea drink|drinks|13|500 ml=3.50|1 L=5.50
乌龙茶|Oolong tea drink|drinks|13|500 ml=4.50
茉莉花茶|Jasmine tea drink|drinks|13|500 ml=4.50
咖啡|Coffee drink|drinks|13|268 ml=6.50|300 ml=7.50
豆奶|Soy milk|drinks|13|250 ml=3.20|1 L=11.90
椰子汁|Coconut drink|drinks|13|245 ml=4.80|1.25 L=16.80
运动饮料|Sports drink|drinks|13|500 ml=5.50|600 ml=6.00
啤酒|Lager beer|drinks|13|330 ml=4.50|500 ml=5.90
黄酒|Rice wine|drinks|13|500 ml=18.80
纯牛奶|Whole milk|dairy|13|250 ml=3.50|1 L=12.90
低脂牛奶|Low-fat milk|dairy|13|250 ml=3.60|1 L=13.50
酸奶|Yogurt|dairy|13|100 g=2.80|200 g=5.50
草莓酸奶|Strawberry yogurt|dairy|13|100 g=3.00|200 g=5.80
奶酪片|Cheese slices|dairy|13|166 g=19.90
黄油|Butter|dairy|13|100 g=16.80|227 g=34.50
鸡蛋|Hen eggs|dairy|9|10 pcs=13.80|30 pcs=36.00
薯片|Potato chips|snacks|13|40 g=4.50|75 g=7.90
番茄薯片|Tomato chips|snacks|13|40 g=4.50|75 g=7.90
饼干|Biscuits|snacks|13|100 g=6.90|300 g=15.90
苏打饼干|Soda crackers|snacks|13|100 g=5.90|400 g=16.90
夹心饼干|Cream biscuits|snacks|13|97 g=5.90|195 g=10.50
牛奶巧克力|Milk chocolate|snacks|13|43 g=8.50|100 g=15.90
黑巧克力|Dark chocolate|snacks|13|43 g=8.90|100 g=16.90
水果糖|Fruit candy|snacks|13|50 g=4.50|150 g=11.80
口香糖|Chewing gum|snacks|13|15 g=3.00|56 g=10.90
葵花子|Sunflower seeds|snacks|13|108 g=6.50|260 g=13.80
花生米|Peanuts|snacks|13|120 g=6.90|350 g=16.80
核桃仁|Walnut kernels|snacks|13|120 g=19.90
红枣|Red dates|snacks|9|500 g=21.80
葡萄干|Raisins|snacks|13|200 g=14.80
海苔|Seaweed|snacks|13|16 g=7.80
牛肉干|Beef jerky|snacks|13|50 g=16.80|100 g=29.90
果冻|Fruit jelly|snacks|13|200 g=6.50
面包|Sliced bread|snacks|13|400 g=9.90
蛋糕|Sponge cake|snacks|13|55 g=4.50|330 g=18.80
月饼|Mooncake|snacks|13|80 g=8.80
大米|Rice|staples|9|2.5 kg=19.90|5 kg=36.80|10 kg=69.00
小米|Millet|staples|9|1 kg=13.80
面粉|Wheat flour|staples|9|1 kg=7.90|5 kg=33.80
挂面|Dried noodles|staples|9|500 g=5.90|1 kg=10.80
方便面|Instant noodles|staples|13|103 g=3.50|5 pcs=14.90
米粉|Rice noodles|staples|9|400 g=8.80
花生油|Peanut oil|staples|9|1.8 L=49.90|5 L=129.90
大豆油|Soybean oil|staples|9|1.8 L=25.90|5 L=62.90
食盐|Salt|staples|9|400 g=2.50
白糖|White sugar|staples|13|400 g=5.50|1 kg=11.90
酱油|Soy sauce|staples|13|500 ml=9.90|1.28 L=18.80
米醋|Rice vinegar|staples|13|500 ml=6.90
料酒|Cooking wine|staples|13|500 ml=8.50
番茄酱|Tomato ketchup|staples|13|340 g=8.90
辣椒酱|Chili sauce|staples|13|210 g=10.90
豆腐干|Dried tofu|staples|13|100 g=5.50
午餐肉|Luncheon meat|staples|13|198 g=13.90|340 g=19.90
金枪鱼罐头|Canned tuna|staples|13|180 g=14.90
速冻水饺|Frozen dumplings|staples|13|500 g=18.90|1 kg=34.90
速冻汤圆|Sweet dumplings|staples|13|500 g=13.90
卷纸|Toilet rolls|home|13|4 pcs=9.90|10 pcs=21.90
抽纸|Facial tissue|home|13|3 pcs=11.90|10 pcs=32.90
手帕纸|Pocket tissue|home|13|10 pcs=7.90
洗衣液|Laundry liquid|home|13|1 kg=15.90|3 kg=39.90
洗衣粉|Washing powder|home|13|508 g=6.90|1.7 kg=18.90
洗洁精|Dish soap|home|13|500 g=7.90|1.1 kg=13.90
垃圾袋|Bin bags|home|13|30 pcs=6.90|100 pcs=16.90
保鲜膜|Cling film|home|13|30 m=12.90
电池|Batteries AA|home|13|2 pcs=6.90|4 pcs=11.90|8 pcs=19.90
雨伞|Umbrella|home|13|1 pc=29.90
打火机|Lighter|home|13|1 pc=2.00
购物袋|Shopping bag|home|13|S=0.20|M=0.30|L=0.50
圆珠笔|Ball pen|home|13|1 pc=2.50|4 pcs=8.80
笔记本|Notebook|home|13|A5=6.90|A4=11.90
充电线|Charging cable|home|13|1 m=19.90|2 m=27.90
牙膏|Toothpaste|care|13|90 g=8.90|140 g=13.90
牙刷|Toothbrush|care|13|1 pc=6.90|2 pcs=11.90
洗发水|Shampoo|care|13|200 ml=19.90|500 ml=39.90
沐浴露|Shower gel|care|13|250 ml=16.90|750 ml=39.90
香皂|Bath soap|care|13|115 g=4.90|4 pcs=17.90
洗手液|Hand wash|care|13|250 ml=9.90|500 ml=15.90
护手霜|Hand cream|care|13|50 g=12.90
口罩|Face masks|care|13|10 pcs=9.90|50 pcs=29.90
湿巾|Wet wipes|care|13|10 pcs=3.90|80 pcs=12.90
创可贴|Plasters|care|13|20 pcs=5.90
棉签|Cotton buds|care|13|200 pcs=5.90
防晒霜|Sunscreen|care|13|50 ml=49.90
剃须刀|Razor|care|13|1 pc=15.90|3 pcs=32.90
婴儿湿巾|Baby wipes|care|13|80 pcs=15.90
纸尿裤|Nappies|care|13|L 40=69.90
'''
# PLU, zh, en, price a kg; fresh produce is taxed at 9 %
WEIGHED = '''
101|苹果|Apples|11.80
102|香蕉|Bananas|7.60
103|橙子|Oranges|9.80
104|葡萄|Grapes|19.80
105|西瓜|Watermelon|4.60
106|梨|Pears|6.80
107|西红柿|Tomatoes|7.80
108|黄瓜|Cucumbers|5.90
109|土豆|Potatoes|4.50
110|白菜|Chinese cabbage|2.80
111|胡萝卜|Carrots|4.20
112|生姜|Ginger|15.80
113|大葱|Leeks|6.60
114|五花肉|Pork belly|33.80
115|鸡腿|Chicken legs|22.80
116|牛腩|Beef brisket|76.00
117|带鱼|Hairtail|38.00
118|鲜虾|Shrimp|68.00
'''
# What is drawn for an item of the demonstration, by its English name; assets/pictures has them.
PICTURES = {'Purified water': 'bottle', 'Mineral water': 'bottle', 'Soda water': 'bottle', 'Cola': 'can', 'Cola zero': 'can', 'Lemonade': 'can',
            'Green tea drink': 'tea', 'Black tea drink': 'tea', 'Oolong tea drink': 'tea', 'Jasmine tea drink': 'tea', 'Whole milk': 'milk',
            'Low-fat milk': 'milk', 'Hen eggs': 'egg', 'Sliced bread': 'bread', 'Potato chips': 'chips', 'Tomato chips': 'chips',
            'Milk chocolate': 'chocolate', 'Dark chocolate': 'chocolate', 'Instant noodles': 'noodles', 'Facial tissue': 'tissue',
            'Bath soap': 'soap', 'Rice': 'rice', 'Apples': 'apple', 'Bananas': 'banana'}
# What stands on the first tiles, with its size where there are several.
FAVOURITES = {'Purified water 550 ml', 'Mineral water 550 ml', 'Cola 330 ml', 'Green tea drink 500 ml', 'Whole milk 250 ml', 'Hen eggs 10 pcs',
              'Sliced bread 400 g', 'Potato chips 75 g', 'Milk chocolate 43 g', 'Instant noodles 103 g', 'Facial tissue 3 pcs', 'Bath soap 115 g',
              'Rice 5 kg', 'Apples', 'Bananas', 'Shopping bag M'}
UNITS = {'pcs': '件', 'pc': '件'}
# GB2312 level 1 is in the order of pinyin: the first character of each initial.
BOUNDS = list(zip('abcdefghjklmnopqrstwxyz', '啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝'))
# Level 2, and characters with another reading in these words.
OTHERS = {'薯': 's', '茉': 'm', '莉': 'l', '椰': 'y', '酪': 'l', '葵': 'k', '苔': 't', '巾': 'j', '鲜': 'x', '腩': 'n',
          '沐': 'm', '霜': 's', '剃': 't', '须': 'x', '婴': 'y', '枣': 'z', '啤': 'p', '柠': 'n', '檬': 'm', '萄': 't',
          '奶': 'n', '圆': 'y', '卜': 'b', '莓': 'm', '饺': 'j', '罐': 'g', '榄': 'l'}


def initials(zh):
    out = ''
    for c in zh:
        if c in OTHERS:
            out += OTHERS[c]
            continue
        code = c.encode('gb2312')
        assert code < b'\xd8\xa1', 'level 2: ' + c
        out += [letter for letter, first in BOUNDS if code >= first.encode('gb2312')][-1]
    return out


def ean13(number):
    body = '699%09d' % number
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)


def size_zh(size):
    number, _, unit = size.partition(' ')
    return number + ' ' + UNITS.get(unit, unit) if unit else size


def mark(name):
    return 'yes' if name in FAVOURITES else ''


def rows():
    for k, line in enumerate(KINDS.strip().splitlines()):
        zh, en, group, tax, *sizes = line.split('|')
        for n, size in enumerate(sizes):
            size, price = size.split('=')
            code = ean13((2041 + 37 * k) * 10000 + 1013 * (n + 1) + 7 * k)
            yield code, zh + ' ' + size_zh(size), en + ' ' + size, initials(zh), group, price, tax, '', mark(en + ' ' + size), PICTURES.get(en, '')
    for line in WEIGHED.strip().splitlines():
        plu, zh, en, price = line.split('|')
        yield plu, zh, en, initials(zh), 'fresh', price, '9', 'kg', mark(en), PICTURES.get(en, '')


with open('assets/catalogue/demo.csv', 'w', encoding='utf-8', newline='') as out:
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow('code zh en initials group price tax unit favourite picture'.split())
    written = list(rows())
    writer.writerows(written)
    print(len(written), 'articles')
