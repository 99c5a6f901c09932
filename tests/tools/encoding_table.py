#!/usr/bin/env python3
"""Prints core/encoding_common.inc: codes of the commonest hanzi, GB2312 and Big5.

The commonest of running text, then those of an estate office's column titles.
"""
GB = ("的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
      "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日"
      "军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相"
      "见被利什二等产或新己制身加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真"
      "论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直"
      "单编号修楼栋房屋投诉业主区维状态满访渠类路室址姓登记办完期源描述派理责话费水漏电梯停车环境卫绿化噪音装")
BIG = ("的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
       "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日"
       "軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相"
       "見被利什二等產或新己制身加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真"
       "論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直"
       "單編號修樓棟房屋投訴業主區維狀態滿訪渠類路室址姓登記辦完期源描述派理責話費水漏電梯停車環境衛綠化噪音裝")


def show(name, text, codec):
    codes = sorted({c.encode(codec) for c in text})
    words = ["0x" + c.hex().upper() for c in codes if len(c) == 2]
    print("static const uint16_t %s[] = {" % name)
    for i in range(0, len(words), 10):
        print("    " + ", ".join(words[i:i + 10]) + ",")
    print("};")


print("/* encoding_common.inc - codes of the commonest hanzi, GB2312 and Big5;")
print(" * printed by tests/tools/encoding_table.py. */")
show("common_gb", GB, "gb2312")
show("common_big5", BIG, "big5")
