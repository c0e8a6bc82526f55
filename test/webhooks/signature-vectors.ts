/** The texts of contract/webhooks.md §2.1 and §2.2, with their secret and timestamp. */

export const j1 =
  '{"id":5012,"gateway":"ACB","transactionDate":"2025-12-11 12:48:20","accountNumber":"8812345678","subAccount":"","code":"DH100245","content":"DH100245 tra tien hang","transferType":"in","description":"LE THI HOA chuyen khoan","transferAmount":349000,"accumulated":7849000,"referenceCode":"FT25345778812"}'

export const j2 = String.raw`{"id":5013,"gateway":"TPBank","transactionDate":"2025-12-11 13:05:00","accountNumber":"0012345678","subAccount":"TKP001","code":null,"content":"Tr\u1ea3 n\u1ee3 12\/2025 ~*+&","transferType":"out","description":"","transferAmount":1200000,"accumulated":0,"referenceCode":""}`

export const f1 =
  "id=5012&gateway=ACB&transactionDate=2025-12-11+12%3A48%3A20&accountNumber=8812345678&subAccount=&code=DH100245&content=DH100245+tra+tien+hang&transferType=in&description=LE+THI+HOA+chuyen+khoan&transferAmount=349000&accumulated=7849000&referenceCode=FT25345778812"

export const f2 =
  "id=5013&gateway=TPBank&transactionDate=2025-12-11+13%3A05%3A00&accountNumber=0012345678&subAccount=TKP001&content=Tr%E1%BA%A3+n%E1%BB%A3+12%2F2025+%7E%2A%2B%26&transferType=out&description=&transferAmount=1200000&accumulated=0&referenceCode="

export const demoSecret = "whsec_demo_7f3a91c2"
export const demoTimestamp = 1_765_432_100
export const demoMessageId = "evt_0192f0c4a7e87c3d9b1e5a6f7c8d9e0f"
