{"format":"ringkey.keyring/1","id":"f076bd083a953cdf","name":"golden","created":"2026-01-31T12:00:00Z","radius":3,"channels":[0,1,2],"pilot_channels":[1],"latent":[3,12,10],"secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}
{"label":"customer-1"}
{"label":"customer-1b","owner":"customer-1"}
{"label":"Müller & Söhne"}
{"revoked":"customer-1b","at":"2026-02-01T12:00:00Z"}
