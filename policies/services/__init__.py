"""What people do with the law: load packs, draft and publish versions, record average pensions."""
