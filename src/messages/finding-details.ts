/** A sentence of the parsers with its places for facts, `{1}`, `{2}` …, and the same in Vietnamese. */
type Sentence = readonly [en: string, vi: string]

/**
 * What the parsers of statements say of a line (contract/feeds.md §5.1). Their findings are kept with the import in English, as the
 * API and the command line show them; here are the same sentences for pages.
 */
const sentences: readonly Sentence[] = [
  // MT940
  ["The value date {1} does not exist.", "Ngày hiệu lực {1} không có thật."],
  ["The balance date {1} does not exist.", "Ngày của số dư {1} không có thật."],
  ["The amount {1} is not whole đồng.", "Số tiền {1} không phải đồng chẵn."],
  ["The amount {1} is not readable.", "Không đọc được số tiền {1}."],
  ["The balance is not in the form of MT940.", "Số dư không đúng dạng MT940."],
  ["The SWIFT block opened in line {1} has no end.", "Khối SWIFT mở ở dòng {1} không có phần kết thúc."],
  ["The SWIFT block of the statement has no end.", "Khối SWIFT của sao kê không có phần kết thúc."],
  ["The statement has no closing balance (:62F: or :62M:).", "Sao kê không có số dư cuối (:62F: hoặc :62M:)."],
  ["The statement has a second closing balance.", "Sao kê có số dư cuối thứ hai."],
  [
    "The statement has no opening balance (:60F: or :60M:) before this line.",
    "Trước dòng này sao kê chưa có số dư đầu (:60F: hoặc :60M:).",
  ],
  ["The tag :{1}: outside of a statement was skipped.", "Thẻ :{1}: nằm ngoài sao kê và đã được bỏ qua."],
  ["The unknown tag :{1}: was skipped.", "Thẻ lạ :{1}: đã được bỏ qua."],
  ["The tag :{1}: belongs to MT942 and was skipped.", "Thẻ :{1}: thuộc MT942 và đã được bỏ qua."],
  [
    "The file is MT942 (movements of the running day); only MT940 statements are read.",
    "Tệp là MT942 (phát sinh trong ngày); hệ thống chỉ đọc sao kê MT940.",
  ],
  ["A :61: line follows the closing balance of its statement.", "Một dòng :61: đứng sau số dư cuối của sao kê."],
  ["The file ends inside a balance.", "Tệp kết thúc giữa một số dư."],
  ["The :61: line is empty.", "Dòng :61: trống."],
  ["The :61: line is not in the form of MT940.", "Dòng :61: không đúng dạng MT940."],
  ["A second :86: of one entry was skipped.", "Thẻ :86: thứ hai của một giao dịch đã được bỏ qua."],
  ["Text outside of a statement was not read.", "Phần chữ nằm ngoài sao kê không được đọc."],
  ["A field is longer than 64 KiB.", "Một trường dài hơn 64 KiB."],
  ["The file contains no MT940 statement.", "Tệp không có sao kê MT940 nào."],
  // camt
  ["The entry status {1} is unknown.", "Không biết trạng thái {1} của giao dịch."],
  ["The amount of the entry is not readable.", "Không đọc được số tiền của giao dịch."],
  ["The entry says neither CRDT nor DBIT.", "Giao dịch không ghi CRDT cũng không ghi DBIT."],
  [
    "The entry has no readable booking or value date.",
    "Giao dịch không có ngày hạch toán hoặc ngày hiệu lực đọc được.",
  ],
  ["An entry of status INFO was ignored.", "Một giao dịch có trạng thái INFO đã được bỏ qua."],
  ["The entry names no currency.", "Giao dịch không ghi loại tiền."],
  ["The balance names no currency.", "Số dư không ghi loại tiền."],
  ["The amount of the balance {1} is not readable.", "Không đọc được số tiền của số dư {1}."],
  ["The balance {1} says neither CRDT nor DBIT.", "Số dư {1} không ghi CRDT cũng không ghi DBIT."],
  ["The date of the balance {1} is not readable.", "Không đọc được ngày của số dư {1}."],
  [
    "The XML file contains no camt.052, camt.053 or camt.054 statement.",
    "Tệp XML không có sao kê camt.052, camt.053 hoặc camt.054 nào.",
  ],
  ["A DOCTYPE is not allowed in a statement.", "Sao kê không được có DOCTYPE."],
  ["Not well-formed: {1}", "XML không đúng cấu trúc: {1}"],
  ["Elements are nested too deeply.", "Các phần tử lồng nhau quá sâu."],
  ["An element is too large to be read.", "Một phần tử quá lớn, không đọc được."],
  // CSV
  ["There is no column {1}: the row has {2}.", "Không có cột {1}: dòng chỉ có {2} cột."],
  ['Without a header the column "{1}" can\'t be found.', "Không có dòng tên cột nên không tìm được cột “{1}”."],
  [
    'The header "{1}" occurs twice: give its column by number.',
    "Tên cột “{1}” xuất hiện hai lần: hãy chọn cột theo số thứ tự.",
  ],
  ['The header "{1}" is missing.', "Thiếu cột “{1}”."],
  ["The file ends inside a quoted cell.", "Tệp kết thúc giữa một ô trong dấu ngoặc kép."],
  ["The row is not readable as CSV.", "Không đọc được dòng này theo dạng CSV."],
  ['The profile\'s format "{1}" is not understood.', "Không hiểu dạng ngày giờ “{1}”."],
  ["The row has neither a debit nor a credit amount.", "Dòng không có số tiền ghi nợ cũng không có số tiền ghi có."],
  ["The row has both a debit and a credit amount.", "Dòng có cả số tiền ghi nợ và ghi có."],
  ['The sign "{1}" is neither in nor out.', "Dấu “{1}” không phải tiền vào cũng không phải tiền ra."],
  ['The debit "{1}" is not readable by the profile.', "Không đọc được số tiền ghi nợ “{1}” theo dạng đã chọn."],
  ['The credit "{1}" is not readable by the profile.', "Không đọc được số tiền ghi có “{1}” theo dạng đã chọn."],
  ['The amount "{1}" is not readable by the profile.', "Không đọc được số tiền “{1}” theo dạng đã chọn."],
  ['The balance "{1}" is not readable by the profile.', "Không đọc được số dư “{1}” theo dạng đã chọn."],
  ['"{1}" has lost its digits.', "“{1}” đã bị mất chữ số."],
  ['The date or time "{1}" does not fit the profile.', "Ngày hoặc giờ “{1}” không đúng dạng đã chọn."],
  ["A quoted cell of the row is not closed properly.", "Một ô trong dấu ngoặc kép của dòng không được đóng đúng."],
  ["The row is of account {1}, the first one of {2}.", "Dòng này của tài khoản {1}, còn dòng đầu của tài khoản {2}."],
  ["The row is in {1}, the first one in {2}.", "Dòng này ghi bằng {1}, còn dòng đầu bằng {2}."],
  ["The file has no row the profile could read.", "Tệp không có dòng nào đọc được theo cách chọn cột."],
  ["The last row has no line end: is the file whole?", "Dòng cuối không có dấu xuống dòng: tệp có đủ không?"],
  ["The row the profile stops at was not found.", "Không tìm thấy dòng kết thúc đã chọn."],
  ["The row has {1} cells, {2} were expected.", "Dòng có {1} ô, đáng lẽ {2} ô."],
  // Workbooks
  ["The workbook is too large. {1}", "Bảng tính quá lớn. {1}"],
  ["The workbook cannot be read. {1}", "Không đọc được bảng tính. {1}"],
  ['The workbook has no sheet "{1}".', "Bảng tính không có trang “{1}”."],
  ["It holds {1} twice.", "Tệp chứa {1} hai lần."],
  ["It has too many parts.", "Tệp có quá nhiều phần."],
  ["It is protected by a password.", "Tệp được bảo vệ bằng mật khẩu."],
  ["It is not whole, or no workbook.", "Tệp không nguyên vẹn, hoặc không phải bảng tính."],
  ["Unpacked it is larger than {1} MiB.", "Giải nén ra lớn hơn {1} MiB."],
  ["Cell {1} cannot be read.", "Không đọc được ô {1}."],
  ["It reaches to row {1}, further than is read.", "Bảng kéo dài đến dòng {1}, xa hơn mức đọc được."],
  ["It reaches to cell {1}, further than is read.", "Bảng kéo dài đến ô {1}, xa hơn mức đọc được."],
  ["Its texts are too long together.", "Tổng độ dài chữ trong bảng quá lớn."],
  ["It takes more memory or time than a workbook may.", "Bảng cần nhiều bộ nhớ hoặc thời gian hơn mức cho phép."],
  ["A workbook may have at most {1} bytes.", "Bảng tính được tối đa {1} byte."],
  ["A CSV file needs a profile that says which column is what.", "Với tệp CSV, hãy chọn cột nào là gì."],
  ["A workbook needs a profile that says which column is what.", "Với bảng tính, hãy chọn cột nào là gì."],
  [
    "The file is an old .xls workbook, or has a password: save it as .xlsx without one, or as CSV.",
    "Tệp là bảng tính .xls kiểu cũ hoặc có mật khẩu: hãy lưu lại thành .xlsx không mật khẩu, hoặc CSV.",
  ],
  // Texts and formats
  [
    "The file is a PDF: export the statement as .xlsx or CSV instead.",
    "Tệp là PDF: hãy xuất sao kê thành .xlsx hoặc CSV.",
  ],
  [
    "The file contains the character U+0000; it is damaged or not in the expected encoding.",
    "Tệp có ký tự U+0000: tệp bị hỏng hoặc không đúng bảng mã.",
  ],
  ["A byte is not valid {1}.", "Có byte không hợp lệ trong {1}."],
  ["The file ends inside a character of {1}.", "Tệp kết thúc giữa một ký tự của {1}."],
  [
    "The file is neither MT940, camt.053, camt.054, CSV nor .xlsx.",
    "Tệp không phải MT940, camt.053, camt.054, CSV hay .xlsx.",
  ],
  [
    "{1} is not read: its movements come again in the bank's statement.",
    "{1} không được đọc: các giao dịch đó sẽ có trong sao kê của ngân hàng.",
  ],
  // Against the account
  ["{1} is no time.", "{1} không phải thời điểm có thật."],
  ["The entry is in {1}, the account in VND.", "Giao dịch ghi bằng {1}, tài khoản bằng VND."],
  ["The statement is in {1}, the account in VND.", "Sao kê ghi bằng {1}, tài khoản bằng VND."],
  ["The entry is in {1}, the statement in {2}.", "Giao dịch ghi bằng {1}, sao kê bằng {2}."],
  ["The balance is in {1}, the statement in {2}.", "Số dư ghi bằng {1}, sao kê bằng {2}."],
  ["The balance {1} is not whole đồng.", "Số dư {1} không phải đồng chẵn."],
  ["The statement is of account (none), not {1}.", "Sao kê không ghi số tài khoản, không phải của {1}."],
  ["The statement is of account {1}, not {2}.", "Sao kê của tài khoản {1}, không phải {2}."],
  [
    "The statement is of account {1}, which none or several of the accounts are.",
    "Sao kê của tài khoản {1}: không có tài khoản nào, hoặc có nhiều tài khoản khớp.",
  ],
  ["The amounts of the file add up to more than can be counted.", "Tổng số tiền trong tệp lớn hơn mức tính được."],
]

// Several columns can be missing at once: their sentences stand behind one another.
const sentenceStart = /(?<=[.]) (?=There is no column |Without a header |The header ")/

interface Known {
  readonly shape: RegExp
  readonly vi: string
}

let known: readonly Known[] | undefined

/** What a parser said, in Vietnamese; undefined for a sentence that none of them has. */
export function vietnameseDetail(message: string): string | undefined {
  known ??= makeKnown()
  const parts = message.split(sentenceStart)
  if (parts.length > 1) {
    const spoken = parts.map(vietnameseDetail)
    return spoken.includes(undefined) ? undefined : spoken.join(" ")
  }
  for (const { shape, vi } of known) {
    const facts = shape.exec(message)
    if (facts === null) continue
    return vi.replaceAll(/\{(\d)\}/g, (_place, number) => {
      const fact = facts[Number(number)] ?? ""
      return vietnameseDetail(fact) ?? fact
    })
  }
  return undefined
}

// The longer a sentence without its facts, the less can it be taken for another one.
function makeKnown(): readonly Known[] {
  return sentences
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([en, vi]) => ({ shape: new RegExp(`^${RegExp.escape(en).replaceAll(/\\\{\d\\\}/g, "(.*)")}$`, "su"), vi }))
}
