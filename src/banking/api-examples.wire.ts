// The samples of contract/api.md §6, §7, §9 and §10, for the reference; a test holds them against the contract.

const bank = {
  short_name: "Vietcombank",
  full_name: "Ngân hàng TMCP Ngoại Thương Việt Nam",
  brand_name: "Vietcombank",
  code: "VCB",
  bin: "970436",
  icon_url: "https://my.sepay.vn/assets/images/banklogo/vietcombank-icon.png",
  logo_url: "https://my.sepay.vn/assets/images/banklogo/vietcombank.png",
}

const account = {
  id: 41,
  label: "Quầy chính",
  account_holder_name: "CONG TY TNHH MAU",
  account_number: "0011002233445",
  accumulated: 15_250_000,
  active: true,
  created_at: "2026-06-01 08:15:00",
  bank,
}

const transaction = {
  id: 90_112,
  bank_account_id: 41,
  bank_brand_name: "Vietcombank",
  account_number: "0011002233445",
  transaction_date: "2026-07-04 10:22:31",
  amount_out: 0,
  amount_in: 350_000,
  accumulated: 15_600_000,
  transaction_content: "NGUYEN THI MAU thanh toan DH100245",
  reference_number: "FT26185000111",
  code: "DH100245",
  sub_account: null,
}

const meta = { pagination: { total: 1, per_page: 20, current_page: 1, last_page: 1 } }

export const bankAccountsExample = { status: "success", data: [account], meta }
export const bankAccountExample = { status: "success", data: { ...account, label: null } }
export const subAccountsExample = {
  status: "success",
  data: [
    {
      id: 3,
      bank_account_id: 41,
      account_number: "VCB0011MAU001",
      account_holder_name: null,
      label: "Chi nhánh 1",
      active: true,
      created_at: "2026-06-02 09:00:00",
    },
  ],
  meta,
}
export const transactionsExample = { status: "success", data: [transaction], meta }
export const transactionExample = { status: "success", data: { ...transaction, removed: false } }
export const meExample = {
  status: "success",
  data: {
    id: 20_417,
    first_name: "Trần",
    last_name: "Thị Mẫu",
    email: "mau@example.com",
    phone: "0912345678",
    avatar: "https://www.gravatar.com/avatar/0690d426df691836f64ba1e48e43ab86",
  },
}
export const companyExample = {
  status: "success",
  data: {
    id: 88,
    full_name: "Công ty TNHH Mẫu",
    short_name: "Mau Co",
    role: "Admin",
    status: "active",
    subscription: "Premium",
    begin_date: "2026-01-01",
    end_date: "2026-12-31",
    configurations: {
      bank_sub_account: true,
      paycode: true,
      data_storage_time: "90",
      payment_code_formats: [
        { prefix: "DH", suffix_from: 6, suffix_to: 8, character_type: "NumberOnly", is_active: true },
      ],
    },
  },
}
export const configurationsExample = {
  payment_code_formats: [
    { prefix: "DH", suffix_from: 1, suffix_to: 10, character_type: "NumberAndLetter", is_active: 1 },
  ],
}
