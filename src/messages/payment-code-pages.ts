import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** Payment-code templates and their live tester. */
export const paymentCodeMessages = {
  title: { vi: "Mã thanh toán", en: "Payment codes" },
  lead: {
    vi: "Chúng tôi tìm mã đơn hàng trong nội dung chuyển khoản theo các mẫu dưới đây, lần lượt từ trên xuống.",
    en: "We look for your order code in the memo of each transfer by the templates below, from top to bottom.",
  },
  live: { vi: "Thật", en: "Live" },
  test: { vi: "Thử nghiệm", en: "Test" },
  modes: { vi: "Mẫu của", en: "Templates of" },
  onlyLater: {
    vi: "Thay đổi chỉ áp dụng cho giao dịch đến sau. Giao dịch đã có giữ nguyên mã của mình.",
    en: "Changes apply to transactions that come later. Those already there keep their codes.",
  },
  templatesTitle: { vi: "Các mẫu", en: "Templates" },
  prefix: { vi: "Tiền tố", en: "Prefix" },
  suffix: { vi: "Phần sau tiền tố", en: "After the prefix" },
  noTemplates: {
    vi: "Chưa có mẫu nào, nên chưa tìm được mã nào.",
    en: "There is no template yet, so no code can be found.",
  },
  off: { vi: "Đang tắt", en: "Off" },
  digits: phrase<{ from: number; to: number }>(
    ({ from, to }) => (from === to ? `${from} chữ số` : `${from}–${to} chữ số`),
    ({ from, to }) => (from === to ? `${from} digits` : `${from}–${to} digits`),
  ),
  characters: phrase<{ from: number; to: number }>(
    ({ from, to }) => (from === to ? `${from} chữ số hoặc chữ cái` : `${from}–${to} chữ số hoặc chữ cái`),
    ({ from, to }) => (from === to ? `${from} digits or letters` : `${from}–${to} digits or letters`),
  ),
  actions: { vi: "Thao tác", en: "Actions" },
  up: { vi: "Lên", en: "Up" },
  down: { vi: "Xuống", en: "Down" },
  upOf: phrase<string>(
    (prefix) => `Đưa ${prefix} lên trước`,
    (prefix) => `Move ${prefix} up`,
  ),
  downOf: phrase<string>(
    (prefix) => `Đưa ${prefix} xuống sau`,
    (prefix) => `Move ${prefix} down`,
  ),
  edit: { vi: "Sửa", en: "Edit" },
  editOf: phrase<string>(
    (prefix) => `Sửa mẫu ${prefix}`,
    (prefix) => `Edit template ${prefix}`,
  ),
  add: { vi: "Thêm mẫu", en: "Add a template" },
  addTitle: { vi: "Thêm mẫu mã thanh toán", en: "Add a payment-code template" },
  prefixHint: {
    vi: "2 đến 5 ký tự: một chữ cái, sau đó là chữ cái hoặc chữ số, ví dụ DH. Không đổi được về sau.",
    en: "2 to 5 characters: a letter, then letters or digits, such as DH. It cannot be changed later.",
  },
  prefixProblem: {
    vi: "2 đến 5 ký tự không dấu, bắt đầu bằng chữ cái.",
    en: "2 to 5 characters without accents that begin with a letter.",
  },
  prefixTaken: { vi: "Đã có mẫu với tiền tố này.", en: "There is a template with this prefix already." },
  suffixFrom: { vi: "Ít nhất", en: "At least" },
  suffixTo: { vi: "Nhiều nhất", en: "At most" },
  suffixHint: { vi: "Số ký tự sau tiền tố, 1 đến 30.", en: "Characters after the prefix, 1 to 30." },
  suffixProblem: { vi: "Nhập số từ 1 đến 30.", en: "Enter a number from 1 to 30." },
  suffixOrder: { vi: "Không được nhỏ hơn “Ít nhất”.", en: "Must not be below “At least”." },
  kind: { vi: "Gồm", en: "Made of" },
  numberOnly: { vi: "Chỉ chữ số", en: "Digits only" },
  numberOnlyNote: { vi: "Ví dụ DH100245.", en: "Such as DH100245." },
  numberAndLetter: { vi: "Chữ số và chữ cái", en: "Digits and letters" },
  numberAndLetterNote: { vi: "Ví dụ HD9KA2.", en: "Such as HD9KA2." },
  activeLabel: { vi: "Mẫu đang bật", en: "The template is on" },
  save: { vi: "Lưu", en: "Save" },
  cancel: { vi: "Hủy", en: "Cancel" },
  tooMany: { vi: "Đã có 20 mẫu, là số nhiều nhất.", en: "There are 20 templates already, which is the most." },
  remove: { vi: "Xóa mẫu", en: "Delete this template" },
  removeTitle: phrase<string>(
    (prefix) => `Xóa mẫu ${prefix}?`,
    (prefix) => `Delete template ${prefix}?`,
  ),
  removeNote: {
    vi: "Giao dịch đến sau sẽ không được tìm theo mẫu này. Mã của giao dịch đã có không đổi.",
    en: "Later transactions are no longer searched by it. Codes of existing transactions do not change.",
  },
  firstStays: {
    vi: "Mẫu đầu tiên không xóa được, chỉ tắt được.",
    en: "The first template cannot be deleted, only switched off.",
  },
  switchesTitle: { vi: "Thiết lập chung", en: "Settings for all" },
  codesOn: { vi: "Tìm mã thanh toán", en: "Look for payment codes" },
  codesOnNote: {
    vi: "Khi tắt, giao dịch mới không có mã nào.",
    en: "Off, new transactions have no code at all.",
  },
  separators: { vi: "Cho phép một dấu ngăn sau tiền tố", en: "Allow one separator after the prefix" },
  separatorsNote: {
    vi: "DH-100245, DH 100245 và DH.100245 được hiểu là DH100245 khi đứng riêng.",
    en: "DH-100245, DH 100245 and DH.100245 are read as DH100245 where they stand alone.",
  },
  bothModes: {
    vi: "Áp dụng cho cả tài khoản thật và thử nghiệm.",
    en: "For live and test accounts alike.",
  },
  conflict: {
    vi: "Mẫu đã được thay đổi ở nơi khác trong lúc bạn xem trang này, nên chưa lưu gì. Kiểm tra lại rồi thử lần nữa.",
    en: "The templates were changed elsewhere while you had this page open, so nothing was saved. Check and try again.",
  },
  doneAdded: { vi: "Đã thêm mẫu.", en: "The template is added." },
  doneSaved: { vi: "Đã lưu.", en: "Saved." },
  doneRemoved: { vi: "Đã xóa mẫu.", en: "The template is deleted." },

  testerTitle: { vi: "Thử một nội dung", en: "Try a memo" },
  testerLead: {
    vi: "Gõ nội dung chuyển khoản để xem mã nào được tìm thấy. Kết quả giống hệt khi giao dịch thật đến.",
    en: "Type the memo of a transfer to see which code is found. It is exactly what happens to a real one.",
  },
  memo: { vi: "Nội dung chuyển khoản", en: "Memo" },
  memoExample: { vi: "Ví dụ: MBVCB.123.DH100245.CT tu 0011", en: "For example: MBVCB.123.DH100245.CT tu 0011" },
  tryIt: { vi: "Thử", en: "Try" },
  found: { vi: "Mã tìm thấy", en: "Code found" },
  notFound: { vi: "Không tìm thấy mã nào", en: "No code is found" },
  switchedOff: {
    vi: "Việc tìm mã đang tắt, nên giao dịch thật không có mã. Nếu bật, kết quả sẽ là:",
    en: "Looking for codes is switched off, so real transactions get none. Switched on, it would be:",
  },
  rank1: { vi: "Mã đứng riêng.", en: "It stands alone." },
  rank2: { vi: "Mã ở đầu một cụm, có chữ liền sau.", en: "It begins a word; other characters follow." },
  rank3: { vi: "Mã dính liền phía trước.", en: "Other characters are glued before it." },
  rank4: { vi: "Mã đứng riêng và chỉ có chữ cái.", en: "It stands alone and has letters only." },
  passSeparator: { vi: "Đã bỏ một dấu ngăn.", en: "One separator was left out." },
  template: { vi: "Mẫu", en: "Template" },
  outcome: { vi: "Kết quả", en: "Outcome" },
  won: phrase<string>(
    (code) => `Khớp: ${code}`,
    (code) => `Matches: ${code}`,
  ),
  outcomeOff: { vi: "Mẫu đang tắt", en: "Switched off" },
  later: phrase<string>(
    (code) => `Cũng khớp ${code}, nhưng mẫu đứng trước đã được chọn`,
    (code) => `Would match ${code}, but an earlier template came first`,
  ),
  absent: phrase<string>(
    (prefix) => `Nội dung không có ${prefix}`,
    (prefix) => `The memo has no ${prefix}`,
  ),
  separated: phrase<string>(
    (code) => `Chỉ khớp ${code} khi bỏ dấu ngăn`,
    (code) => `Matches ${code} only across a separator`,
  ),
  short: phrase<{ prefix: string; least: string }>(
    ({ prefix, least }) => `Sau ${prefix} không đủ ${least}`,
    ({ prefix, least }) => `Not enough follows ${prefix}: ${least} are needed`,
  ),
  glued: { vi: "Chỉ có chữ cái và dính liền chữ khác", en: "Letters only, and glued to others" },
} satisfies Catalogue
