/** A browser and the system it runs on, as far as it says so itself. */
export interface Device {
  readonly browser: string | undefined
  readonly system: string | undefined
}

// In this order: most browsers also name those that they descend from.
const browsers: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bZalo\b/i, "Zalo"],
  [/\b(?:FBAN|FBAV)\b/, "Facebook"],
  [/\bcoc_coc_browser\//, "Cốc Cốc"],
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera|OPiOS)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bUCBrowser\//, "UC Browser"],
  [/\bYaBrowser\//, "Yandex Browser"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome|Chromium)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
]

const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\biPhone\b|\biPod\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMacintosh\b|\bMac OS X\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
]

/** What a `User-Agent` says about the device, in the names that people know. Whatever it says, only those names come out. */
export function readDevice(userAgent: string): Device {
  const find = (names: typeof browsers) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  return { browser: find(browsers), system: find(systems) }
}
