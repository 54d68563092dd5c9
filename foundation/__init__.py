"""The ground floor: rooms every floor stands on. Not one noun of the domain lives here.

audit: who did what · database: ids, clock, locks · delivery: outbox and mail · drawing: SVG · files: uploads and
downloads · forms: how a form looks and is sent once · heartbeats: signs of life · policy: who may reach which address ·
rendering: PDF in the worker · workdays: working days and holidays
"""
