import assert from "node:assert/strict"
import { describe, it } from "node:test"
import fc from "fast-check"
import { isPublicAddress } from "../../src/outbound/address-guard.ts"
import { createOutbound, type OutboundSettings } from "../../src/outbound/guarded-request.ts"
import { networks } from "./receiver.ts"

const strict: OutboundSettings = { allow: undefined, deny: undefined, allowHttp: false, nat64: false }
const unresolved = async () => []

/** What is wrong with a URL in test mode, where names have no addresses unless `resolve` says so. */
function problemOf(
  url: string,
  settings: Partial<OutboundSettings> = {},
  resolve: () => Promise<readonly string[]> = unresolved,
): Promise<string | undefined> {
  return createOutbound({ ...strict, ...settings }, { resolve }).findUrlProblem(url, "test")
}

const notPublic = "leads to an address that is not public"

const refusedHosts: Readonly<Record<string, readonly string[]>> = {
  "loopback, in every spelling of IPv4": [
    ...["127.0.0.1", "127.255.255.254", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F000001"],
    ...["0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "017700000001", "127.0x0.00.01", "%31%32%37.0.0.1"],
    ...["１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1", "127｡0｡0｡1", "0x7f000001."],
  ],
  "this network": ["0.0.0.0", "0", "0x0", "0.1.2.3", "00000000"],
  "private networks": [
    ...["10.0.0.1", "167772161", "0xa000001", "012.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "0xac.0x10.1"],
    ...["192.168.1.1", "3232235777", "0xc0a80101", "0300.0250.1.1", "100.64.0.1", "100.127.255.255"],
  ],
  "the metadata of clouds": [
    ...["169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "168.63.129.16"],
  ],
  "addresses for special use": [
    ...["192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9"],
    ...["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "4294967295"],
  ],
  "IPv6 that is IPv4 or nothing": [
    ...["[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:8.8.8.8]"],
    ...["[::127.0.0.1]", "[::8.8.8.8]", "[::ffff:0:127.0.0.1]", "[0000:0000:0000:0000:0000:ffff:0a00:0001]"],
  ],
  "translation and tunnels": [
    ...["[64:ff9b::127.0.0.1]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::8.8.8.8]", "[2002:7f00:1::]", "[2002:808:808::1]"],
    ...["[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001::1]", "[2001:10::1]", "[2001:2f::1]", "[2001:2::1]"],
  ],
  "other IPv6": [
    ...["[100::1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[ff02::1]", "[5f00::1]"],
    ...["[2001:db8::1]", "[3fff::1]", "[3fff:fff::1]", "[4000::1]", "[1fff::1]"],
  ],
}

const refusedTexts: readonly (readonly [url: string, problem: RegExp])[] = [
  ["http://localhost/", /public host name/],
  ["http://LocalHost./", /public host name/],
  ["http://ｌｏｃａｌｈｏｓｔ/", /public host name/],
  ["http://shop.localhost:8080/", /public host name/],
  ["http://printer.local/", /public host name/],
  ["http://db.internal/", /public host name/],
  ["http://router.home.arpa./", /public host name/],
  ["http://abc.onion/", /public host name/],
  ["http://intranet/", /public host name/],
  ["http://intranet./", /public host name/],
  ["http://localhost../", /valid host name/],
  ["http://.localhost/", /valid host name/],
  ["http://[fe80::1%25eth0]/", /zone id/],
  ["http://[fe80::1%eth0]/", /zone id/],
  ["http://[::1%lo]/", /zone id/],
  ["http://user@shop.example/", /user information/],
  ["http://user:pw@shop.example/", /user information/],
  ["http://@shop.example/", /user information/],
  ["http://shop.example%40:80@127.0.0.1/", /user information/],
  ["http://shop.example/#", /fragment/],
  ["http://shop.example/a#b", /fragment/],
  ["http://shop.example#b", /fragment/],
  ["http://shop.example\\@127.0.0.1/", /backslashes/],
  ["http://shop.example/a b", /spaces/],
  [" http://shop.example/", /spaces/],
  ["http://shop.example/\t", /control characters/],
  ["http://sh\nop.example/", /control characters/],
  ["http://shop.example/é", /percent-encoded/],
  ["http://shop.example?tên=1", /percent-encoded/],
  ["//shop.example/", /absolute/],
  ["http:/shop.example/", /absolute/],
  ["http:///shop.example/", /absolute/],
  ["http://", /absolute/],
  ["http://:80/", /absolute/],
  ["http://256.1.1.1/", /absolute/],
  ["http://shop.example:99999/", /absolute/],
  ["ftp://shop.example/", /absolute http or https URL/],
  ["file:///etc/passwd", /absolute/],
  ["javascript:alert(1)", /absolute/],
  ["", /absolute/],
]

const publicHosts = [
  ...["8.8.8.8", "1.1.1.1", "134744072", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.0.1.1"],
  ...["198.17.255.255", "198.20.0.1", "223.255.255.255", "169.253.1.1", "11.0.0.1", "168.63.129.17", "[2606:4700::1]"],
  ...["[2001:200::1]", "[2400:cb00::1]", "[3ffe::1]", "[2003::1]", "shop.example", "SHOP.example.", "münchen.example"],
]

describe("the guard before outgoing requests (contract/webhooks.md §8)", () => {
  it("knows more than a hundred spellings of what it refuses", () => {
    assert.ok(Object.values(refusedHosts).flat().length + refusedTexts.length >= 100)
  })

  for (const [what, hosts] of Object.entries(refusedHosts)) {
    it(`refuses ${what}`, async () => {
      for (const host of hosts) assert.equal(await problemOf(`http://${host}/`), notPublic, host)
    })
  }

  it("refuses texts that are no plain URL of a public host", async () => {
    for (const [url, problem] of refusedTexts) assert.match((await problemOf(url)) ?? "nothing", problem, url)
  })

  it("lets public addresses and names pass", async () => {
    for (const host of publicHosts) assert.equal(await problemOf(`https://${host}/a?b`), undefined, host)
  })

  it("wants https in live mode, unless the operator allows http", async () => {
    const url = "http://shop.example/"
    const outbound = createOutbound(strict, { resolve: unresolved })
    assert.equal(await outbound.findUrlProblem(url, "live"), "must be an absolute https URL")
    assert.equal(await outbound.findUrlProblem("https://shop.example/", "live"), undefined)
    assert.equal(await outbound.findUrlProblem(url, "test"), undefined)
    const relaxed = createOutbound({ ...strict, allowHttp: true }, { resolve: unresolved })
    assert.equal(await relaxed.findUrlProblem(url, "live"), undefined)
  })

  it("takes ports 80, 443 and those above 1023 that no other protocol has", async () => {
    const refused = [0, 1, 22, 25, 79, 81, 442, 444, 1023, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000]
    for (const port of [...refused, 6566, 6665, 6667, 6669, 6679, 6697, 10_080]) {
      assert.match((await problemOf(`https://shop.example:${port}/`)) ?? "nothing", /^must have port/, String(port))
    }
    for (const port of [80, 443, 1024, 1718, 1721, 3000, 5059, 6664, 6670, 8080, 8443, 10_079, 65_535]) {
      assert.equal(await problemOf(`https://shop.example:${port}/`), undefined, String(port))
    }
  })

  it("refuses a name as soon as one of its addresses is not public, or when it has more than 16", async () => {
    const sixteen = Array.from({ length: 16 }, (_, index) => `8.8.8.${index}`)
    const cases: readonly (readonly [readonly string[], string | undefined])[] = [
      [["8.8.8.8", "2606:4700::1"], undefined],
      [sixteen, undefined],
      [[...sixteen, "8.8.4.4"], "must not have more than 16 addresses"],
      [["8.8.8.8", "10.0.0.1"], notPublic],
      [["8.8.8.8", "::1"], notPublic],
      [["2606:4700::1", "fe80::1%eth0"], notPublic],
      [["8.8.8.8", "not an address"], notPublic],
    ]
    for (const [addresses, problem] of cases) {
      assert.equal(await problemOf("https://shop.example/", {}, async () => addresses), problem, String(addresses))
    }
  })

  it("does not mind a name that has no address now", async () => {
    const fails = () => Promise.reject(new Error("ENOTFOUND"))
    assert.equal(await problemOf("https://shop.example/", {}, fails), undefined)
  })
})

describe("the operator's settings (contract/webhooks.md §8)", () => {
  const allow = networks("10.1.0.0/16", "127.0.0.0/8", "::1/128", "fd00::/8")

  it("count what is allowed as public, and nothing else", async () => {
    assert.equal(await problemOf("http://10.1.2.3/", { allow }), undefined)
    assert.equal(await problemOf("http://[fd00::5]/", { allow }), undefined)
    assert.equal(await problemOf("http://10.2.2.3/", { allow }), notPublic)
    assert.equal(await problemOf("https://shop.example/", { allow }, async () => ["8.8.8.8", "10.1.0.1"]), undefined)
  })

  it("open private names only if all their addresses are allowed ones", async () => {
    const hostName = "must have a public host name"
    assert.equal(await problemOf("http://localhost:8080/", { allow }), undefined)
    assert.equal(await problemOf("http://a.localhost./", { allow }), undefined)
    assert.equal(await problemOf("http://localhost/", { allow: networks("127.0.0.0/8") }), hostName)
    assert.equal(await problemOf("http://shop.internal/", { allow }, async () => ["10.1.0.1"]), undefined)
    assert.equal(await problemOf("http://shop/", { allow }, async () => ["10.1.0.1"]), undefined)
    assert.equal(await problemOf("http://shop/", { allow }, async () => ["10.1.0.1", "8.8.8.8"]), hostName)
    assert.equal(await problemOf("http://shop/", { allow }, async () => []), hostName)
  })

  it("refuse what is denied, also when it is public or allowed", async () => {
    const deny = networks("10.1.5.0/24", "8.8.8.0/24", "2606:4700::/32")
    for (const host of ["10.1.5.1", "8.8.8.8", "[2606:4700::1]", "[::ffff:8.8.8.8]"]) {
      assert.equal(await problemOf(`http://${host}/`, { allow, deny }), notPublic, host)
    }
    assert.equal(await problemOf("http://10.1.6.1/", { allow, deny }), undefined)
    const inside = async () => ["10.1.5.1"]
    assert.equal(await problemOf("http://shop.internal/", { allow, deny }, inside), "must have a public host name")
  })

  it("judge an address behind NAT64 by the IPv4 address inside, if switched on", async () => {
    const nat64 = true
    for (const host of ["[64:ff9b::8.8.8.8]", "[64:ff9b::808:808]", "[64:ff9b:0:0::1.1.1.1]", "[64:ff9b::10.1.0.1]"]) {
      assert.equal(await problemOf(`http://${host}/`, { allow, nat64 }), undefined, host)
    }
    for (const host of [
      "[64:ff9b::10.2.0.1]",
      "[64:ff9b::]",
      "[64:ff9b::1]",
      "[64:ff9b::a9fe:a9fe]",
      "[64:ff9b:1::1]",
    ]) {
      assert.equal(await problemOf(`http://${host}/`, { allow, nat64 }), notPublic, host)
    }
    assert.equal(await problemOf("http://[64:ff9b::8.8.8.8]/", { nat64, deny: networks("8.8.8.8/32") }), notPublic)
  })
})

/** The refused networks of IPv4 once more, as numbers: what the guard is compared with. */
const refusedIpv4: readonly (readonly [first: number, bits: number])[] = [
  [0x00000000, 8],
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0000000, 24],
  [0xc0000200, 24],
  [0xc0586300, 24],
  [0xc0a80000, 16],
  [0xc6120000, 15],
  [0xc6336400, 24],
  [0xcb007100, 24],
  [0xe0000000, 4],
  [0xf0000000, 4],
  [0xa83f8110, 32],
]

const refusedIpv6: readonly (readonly [prefix: string, bits: number])[] = [
  ...([
    ["0", 3],
    ["4000", 2],
    ["8000", 1],
    ["20010000", 23],
    ["20010db8", 32],
    ["2002", 16],
    ["3fff0", 20],
  ] as const),
]

const spellings: readonly ((address: number) => string)[] = [
  (n) => dotted(n),
  (n) => `${dotted(n)}.`,
  (n) => String(n),
  (n) => `0x${n.toString(16)}`,
  (n) => `0${n.toString(8)}`,
  (n) =>
    octetsOf(n)
      .map((octet) => `0x${octet.toString(16)}`)
      .join("."),
  (n) =>
    octetsOf(n)
      .map((octet) => `0${octet.toString(8)}`)
      .join("."),
  (n) => `${n >>> 24}.${n & 0xffffff}`,
  (n) => `${n >>> 24}.${(n >>> 16) & 255}.${n & 0xffff}`,
  (n) => dotted(n).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (n) => dotted(n).replaceAll(".", "。"),
  (n) => dotted(n).replace(/\d/g, (digit) => `%3${digit}`),
  (n) => `[::ffff:${dotted(n)}]`,
  (n) => `[::${dotted(n)}]`,
  (n) => `[64:ff9b::${dotted(n)}]`,
  (n) => `[2002:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1]`,
]

function octetsOf(address: number): readonly number[] {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255]
}

function dotted(address: number): string {
  return octetsOf(address).join(".")
}

describe("any address", () => {
  const inRefusedIpv4 = fc
    .tuple(fc.constantFrom(...refusedIpv4), fc.nat(0xffffffff))
    .map(([[first, bits], random]) => first + (random % 2 ** (32 - bits)))

  it("of a refused IPv4 network is refused, however it is spelt", async () => {
    await fc.assert(
      fc.asyncProperty(inRefusedIpv4, fc.constantFrom(...spellings), async (address, spell) => {
        assert.equal(await problemOf(`http://${spell(address)}/`), notPublic, spell(address))
      }),
      { numRuns: 2000 },
    )
  })

  it("of IPv4 is public exactly if no table has it", () => {
    const isRefused = (n: number) => refusedIpv4.some(([first, bits]) => n >= first && n < first + 2 ** (32 - bits))
    const edges = refusedIpv4.flatMap(([first, bits]) => [first - 1, first, first + 2 ** (32 - bits)])
    const anywhere = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(...edges.filter((n) => n >= 0 && n < 2 ** 32)))
    fc.assert(
      fc.property(anywhere, (n) => isPublicAddress(dotted(n), strict) === !isRefused(n)),
      { numRuns: 5000 },
    )
  })

  it("of a refused IPv6 network is refused, short, long or in capitals", async () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...refusedIpv6), bytes, fc.boolean(), async ([prefix, bits], random, short) => {
        const start = BigInt(`0x${prefix.padEnd(32, "0")}`)
        const host = BigInt(`0x${Buffer.from(random).toString("hex")}`) % 2n ** BigInt(128 - bits)
        const groups = (start + host).toString(16).padStart(32, "0").match(/.{4}/g) ?? []
        const long = `[${groups.join(":").toUpperCase()}]`
        const url = `http://${short ? new URL(`http://${long}/`).hostname : long}/`
        assert.equal(await problemOf(url), notPublic, url)
      }),
      { numRuns: 1000 },
    )
  })
})
