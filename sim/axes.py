"""Names of the axes that arrays of the model share; the order of each tuple is the order along the axis."""

DOMAINS = ("fraud", "cyber", "influence", "bio")
"""Domains of harm: fraud and impersonation, cyber intrusion, influence operations and non-consensual imagery, biological or chemical."""

ROUTES = ("no_ai", "api", "open_weights", "stolen")
"""Routes by which a misuser reaches capability."""
ROUTE_COLUMNS = len(ROUTES) + 2
"""Routes as columns of tables: no AI, interface, open weights, and stolen weights in the hands of each of three
tiers."""

JURISDICTIONS = ("us", "eu", "china", "rest")
SEGMENTS = ("regulated", "general", "developer", "consumer")
KINDS = ("opportunist", "organised", "state", "lone")
BUSINESS_MODELS = ("api_vendor", "platform_giant", "open_challenger", "non_profit", "community")
ASSETS = ("cloud", "data", "distribution", "labour", "frameworks")
"""Complementary assets of developers."""
SHAREABLE = ("cloud", "data", "distribution")
"""Those to which rules can give others access; staff and habits cannot be shared by rule."""
LAYERS = ("models", "data", "labour", "frameworks", "compute")
SIZES = ("flagship", "medium", "small")
HOSTS = ("cloud_1", "cloud_2", "cloud_3", "fringe")
PROPRIETARY, RESTRICTED, PERMISSIVE = 0, 1, 2
"""Licences of releases and of what is built on them."""
THRESHOLDS = ("training_flop", "capability", "distance_to_frontier", "domain", "bio")
"""What a release rule may be measured by: log10 training FLOP, effective capability (OOM), capability minus that of the frontier (OOM), the largest margin above a domain's threshold (OOM), the margin above that of biological and chemical harm (OOM)."""

AXES: dict[str, tuple[str, ...]] = {
    "domain": DOMAINS,
    "route": ROUTES,
    "jurisdiction": JURISDICTIONS,
    "segment": SEGMENTS,
    "kind": KINDS,
    "business_model": BUSINESS_MODELS,
    "layer": LAYERS,
    "size": SIZES,
    "host": HOSTS,
}
