import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** Bank accounts: the list, linking, and one account. */
export const bankAccountMessages = {
  title: { vi: "Tài khoản ngân hàng", en: "Bank accounts" },
  lead: {
    vi: "Các tài khoản mà công ty theo dõi tiền vào, tiền ra.",
    en: "The accounts whose money in and out your company watches.",
  },
  link: { vi: "Liên kết tài khoản", en: "Link an account" },
  feeds: { vi: "Nguồn dữ liệu", en: "Feeds" },
  emptyTitle: { vi: "Chưa có tài khoản nào", en: "No accounts yet" },
  empty: {
    vi: "Liên kết tài khoản ngân hàng đầu tiên, rồi tải sao kê lên hoặc nối nguồn dữ liệu để thấy giao dịch.",
    en: "Link your first bank account, then upload a statement or connect a feed to see transactions.",
  },
  emptyForUsers: {
    vi: "Người quản trị của công ty sẽ liên kết tài khoản ngân hàng.",
    en: "An administrator of your company links bank accounts.",
  },
  older: { vi: "Các tài khoản cũ hơn", en: "Older accounts" },
  balance: { vi: "Số dư", en: "Balance" },
  balanceUnknown: { vi: "Chưa rõ", en: "Not known" },
  transactions: { vi: "Giao dịch", en: "Transactions" },
  subAccountCount: phrase<number>(
    (count) => (count === 0 ? "Chưa có tài khoản ảo" : `${count} tài khoản ảo`),
    (count) => (count === 0 ? "No virtual accounts" : count === 1 ? "1 virtual account" : `${count} virtual accounts`),
  ),
  live: { vi: "Thật", en: "Live" },
  test: { vi: "Thử nghiệm", en: "Test" },
  paused: { vi: "Đang tạm dừng", en: "Paused" },
  active: { vi: "Đang hoạt động", en: "Active" },

  linkLead: {
    vi: "Chúng tôi chỉ đọc giao dịch. Không ai chuyển được tiền từ đây, và chúng tôi không hỏi mật khẩu ngân hàng.",
    en: "We only read transactions. Nobody can move money from here, and we never ask for a bank password.",
  },
  bank: { vi: "Ngân hàng", en: "Bank" },
  bankHint: {
    vi: "Gõ tên, mã hoặc BIN rồi chọn trong danh sách, ví dụ Vietcombank, VCB hoặc 970436.",
    en: "Type the name, code or BIN and choose from the list, such as Vietcombank, VCB or 970436.",
  },
  bankProblem: { vi: "Hãy chọn một ngân hàng trong danh sách.", en: "Choose a bank from the list." },
  number: { vi: "Số tài khoản", en: "Account number" },
  numberHint: {
    vi: "3 đến 40 chữ số hoặc chữ cái. Dấu cách, dấu chấm và gạch nối được bỏ qua.",
    en: "3 to 40 digits or letters. Spaces, dots and dashes do not count.",
  },
  numberProblem: {
    vi: "Số tài khoản gồm 3 đến 40 chữ số hoặc chữ cái.",
    en: "An account number has 3 to 40 digits or letters.",
  },
  holder: { vi: "Chủ tài khoản", en: "Account holder" },
  holderHint: { vi: "Như ngân hàng ghi, thường không dấu.", en: "As the bank writes it, usually without accents." },
  lineProblem: { vi: "Điền 1 đến 200 ký tự trên một dòng.", en: "Enter 1 to 200 characters on one line." },
  label: { vi: "Tên gợi nhớ", en: "Label" },
  labelHint: {
    vi: "Tên bạn gọi tài khoản này, ví dụ “Quầy Quận 1”. Có thể để trống.",
    en: "What you call it, such as “District 1 counter”. May stay empty.",
  },
  labelProblem: { vi: "Tối đa 200 ký tự trên một dòng.", en: "At most 200 characters on one line." },
  mode: { vi: "Dùng cho", en: "Used for" },
  liveNote: { vi: "Tiền thật của tài khoản này.", en: "The real money of this account." },
  testNote: {
    vi: "Giao dịch giả lập để thử kết nối. Không bao giờ lẫn với dữ liệu thật.",
    en: "Simulated transactions to try connections. Never mixed with real data.",
  },
  alreadyLinked: {
    vi: "Công ty đã liên kết tài khoản này tại ngân hàng đó.",
    en: "Your company has linked this account at that bank already.",
  },
  cancel: { vi: "Hủy", en: "Cancel" },

  factsTitle: { vi: "Thông tin", en: "Details" },
  state: { vi: "Trạng thái", en: "State" },
  since: { vi: "Liên kết từ", en: "Linked since" },
  transactionsOf: { vi: "Xem giao dịch", en: "See transactions" },
  save: { vi: "Lưu", en: "Save" },
  pause: { vi: "Tạm dừng tài khoản", en: "Pause this account" },
  resume: { vi: "Cho hoạt động lại", en: "Resume this account" },
  pauseNote: {
    vi: "Khi tạm dừng, giao dịch mới từ nguồn dữ liệu bị từ chối và không nhập được sao kê. Giao dịch đã có vẫn còn, ứng dụng vẫn xem được.",
    en: "While it is paused, new transactions from feeds are refused and no statement can be imported. What is there stays, and apps still see it.",
  },
  pausedNote: {
    vi: "Tài khoản đang tạm dừng: không nhận giao dịch mới cho tới khi bạn cho hoạt động lại.",
    en: "This account is paused: it takes no new transactions until you resume it.",
  },
  changedMeanwhile: {
    vi: "Tên đã được đổi ở nơi khác trong lúc bạn sửa. Kiểm tra lại rồi lưu lần nữa.",
    en: "The label was changed elsewhere while you edited it. Check it and save again.",
  },
  nowIs: phrase<string>(
    (label) => `Tên hiện tại: ${label}`,
    (label) => `It is now: ${label}`,
  ),
  noLabel: { vi: "(trống)", en: "(empty)" },

  doneLinked: {
    vi: "Đã liên kết tài khoản. Bước tiếp theo: tải sao kê lên để thấy giao dịch.",
    en: "The account is linked. Next: upload a statement to see transactions.",
  },
  doneRenamed: { vi: "Đã lưu tên gợi nhớ.", en: "The label is saved." },
  donePaused: { vi: "Đã tạm dừng tài khoản.", en: "The account is paused." },
  doneResumed: { vi: "Tài khoản đã hoạt động lại.", en: "The account takes transactions again." },
  doneSubAdded: { vi: "Đã thêm tài khoản ảo.", en: "The virtual account is added." },
  doneSubChanged: { vi: "Đã lưu tài khoản ảo.", en: "The virtual account is saved." },
  doneGapClosed: { vi: "Đã khép khoảng lệch.", en: "The gap is closed." },
  doneDiscarded: {
    vi: "Đã bỏ tệp. Không có gì được nhập.",
    en: "The file is discarded. Nothing was imported.",
  },
} satisfies Catalogue

/** Virtual accounts of an account. */
export const subAccountMessages = {
  title: { vi: "Tài khoản ảo", en: "Virtual accounts" },
  none: {
    vi: "Chưa có. Tài khoản ảo giúp tách tiền theo cửa hàng, khách hoặc đơn hàng.",
    en: "None yet. Virtual accounts tell money apart by shop, customer or order.",
  },
  add: { vi: "Thêm tài khoản ảo", en: "Add a virtual account" },
  number: { vi: "Số tài khoản ảo", en: "Number" },
  numberHint: {
    vi: "Số do ngân hàng cấp, hoặc mã ghi trong nội dung: TKP và 3 đến 10 chữ số hoặc chữ cái, ví dụ TKP001.",
    en: "The number the bank issued, or a memo code: TKP and 3 to 10 letters or digits, such as TKP001.",
  },
  taken: {
    vi: "Số này đã thuộc một tài khoản của công ty.",
    en: "This number belongs to an account of your company already.",
  },
  holderOptional: { vi: "Tên chủ tài khoản ảo (có thể để trống)", en: "Holder name (may stay empty)" },
  kind: { vi: "Loại", en: "Kind" },
  official: { vi: "Ngân hàng cấp", en: "Issued by the bank" },
  memo: { vi: "Mã trong nội dung", en: "Memo code" },
  open: { vi: "Đang dùng", en: "In use" },
  closed: { vi: "Đã đóng", en: "Closed" },
  edit: { vi: "Sửa", en: "Edit" },
  editOf: phrase<string>(
    (number) => `Sửa tài khoản ảo ${number}`,
    (number) => `Edit virtual account ${number}`,
  ),
  close: { vi: "Đóng tài khoản ảo", en: "Close this virtual account" },
  reopen: { vi: "Mở lại", en: "Reopen" },
  closeNote: {
    vi: "Tài khoản ảo đã đóng không nhận diện giao dịch mới nữa. Giao dịch cũ giữ nguyên; bạn có thể mở lại bất cứ lúc nào.",
    en: "A closed virtual account matches no new transfers. Old transactions stay as they are; you can reopen it at any time.",
  },
  back: { vi: "Về tài khoản", en: "Back to the account" },
  newer: { vi: "Mới hơn", en: "Newer" },
  older: { vi: "Cũ hơn", en: "Older" },
} satisfies Catalogue

/** Gaps in an account's balances. */
export const gapMessages = {
  title: { vi: "Khoảng lệch số dư", en: "Gaps in the balance" },
  none: {
    vi: "Không có. Trong mỗi sao kê đã nhập, số dư đầu cộng các giao dịch bằng số dư cuối.",
    en: "None. In each imported statement the opening balance and its transactions make the closing balance.",
  },
  limits: {
    vi: "Số dư không cho thấy những thiếu sót có tổng bằng 0.",
    en: "Balances cannot show losses that sum to zero.",
  },
  missing: { vi: "Thiếu", en: "Missing" },
  surplus: { vi: "Thừa", en: "Surplus" },
  period: { vi: "Khoảng thời gian", en: "Period" },
  computedBalance: { vi: "Số dư cộng được", en: "Balance as it adds up" },
  statedBalance: { vi: "Số dư ngân hàng ghi", en: "Balance the bank states" },
  state: { vi: "Trạng thái", en: "State" },
  open: { vi: "Đang mở", en: "Open" },
  closedAt: { vi: "Khép lúc", en: "Closed at" },
  closedByPerson: { vi: "Đã khép kèm ghi chú", en: "Closed with a note" },
  closedByItem: { vi: "Đã khép: giao dịch đến muộn", en: "Closed by a late item" },
  closedByStatement: { vi: "Đã khép: sao kê bổ sung", en: "Closed by a statement" },
  close: { vi: "Khép lại", en: "Close" },
  closeTitle: { vi: "Khép khoảng lệch", en: "Close a gap" },
  closeLead: {
    vi: "Khi bạn đã biết vì sao số dư lệch. Giao dịch và số dư không thay đổi; ghi chú được giữ lại.",
    en: "When you know why the balance differs. Transactions and balances do not change; the note is kept.",
  },
  note: { vi: "Ghi chú", en: "Note" },
  noteHint: {
    vi: "Vì sao lệch, tối đa 500 ký tự. Ví dụ: phí ngân hàng ngày 5, không có trong sao kê.",
    en: "Why it differs, up to 500 characters. For example: bank fee of the 5th, not in the statement.",
  },
  noteProblem: { vi: "Ghi 1 đến 500 ký tự.", en: "Write 1 to 500 characters." },
  alreadyClosed: { vi: "Khoảng lệch này đã được khép.", en: "This gap is closed already." },
} satisfies Catalogue
