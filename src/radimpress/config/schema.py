"""The typed shape of the configuration: one dataclass a conf/ group.

Hydra composes `conf/` against `Config`, so that a typo or a wrong type is refused before a stage
runs; `radimpress.config.load` turns `params.yaml` into a `Config`. Values and their meaning are
documented here, next to the type; `conf/` holds the choices. Enum members are named as they are
written in YAML.
"""

from dataclasses import dataclass, field
from enum import Enum

from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment
from radimpress.config.job import Job, Place
from radimpress.config.promotion import Promotion
from radimpress.config.serving import Engine, Serving


class CorpusFormat(Enum):
    """How the raw reports are stored."""

    mimic_cxr = "mimic_cxr"  # mimic-cxr-reports.zip, or its unpacked tree
    indiana = "indiana"  # MEDIQA 2021 JSON
    openi = "openi"  # folder or tgz of XML
    csv = "csv"
    jsonl = "jsonl"


class Access(Enum):
    """Who may see report text (rule 4)."""

    public = "public"
    private = "private"
    credentialed = "credentialed"


class Profile(Enum):
    """How one raw report becomes sections."""

    robust = "robust"
    mediqa = "mediqa"


class ListNumbers(Enum):
    """What becomes of list numbers ("1. No effusion."), in findings and impressions alike."""

    strip = "strip"
    keep = "keep"


class Duplicates(Enum):
    """Which repeated reports are dropped (the first by study id is kept)."""

    none = "none"
    study = "study"  # the same study id, or the same subject with the same findings and impression
    text = "text"  # the same normalised findings and impression, whoever the subject


class SplitMethod(Enum):
    """Where the split comes from."""

    hash = "hash"  # a stable hash of the subject (of the normalised findings where there is none)
    official = "official"  # a split file, followed to the letter


class Overlap(Enum):
    """What to do when a normalised findings-impression pair is in training and evaluation."""

    refuse = "refuse"
    drop = "drop"  # drop it from train (then from validation), counted
    allow = "allow"  # keep, with a warning in every report: only to reproduce work that kept them


class Origin(Enum):
    """Where the foundation checkpoint comes from."""

    tiny = "tiny"  # tokenizer and T5 trained here
    hub = "hub"  # a pinned revision on the Hugging Face hub, or a local path


class Adapter(Enum):
    """Which weights are trained."""

    none = "none"
    lora = "lora"


class Device(Enum):
    """The place of computation."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Precision(Enum):
    """The number format of training."""

    auto = "auto"  # bf16 where it is faster: GPUs since Ampere; CPUs with AMX, for wide models
    fp32 = "fp32"
    bf16 = "bf16"
    fp16 = "fp16"  # refused for T5; named so that the refusal can say why


class Strategy(Enum):
    """How several processes share the work."""

    single = "single"
    ddp = "ddp"
    fsdp = "fsdp"


class ModelStorage(Enum):
    """How MLflow gets the model."""

    copy = "copy"
    reference = "reference"


class Omissions(Enum):
    """What becomes of a pathology in the findings that a generated impression does not convey."""

    auto = "auto"  # stated where that scores better on the validation split, measured by `train`
    leave = "leave"
    state = "state"  # its sentence of the findings is put before the impression


@dataclass
class Columns:
    """Column or key names of `csv` and `jsonl` corpora; null means that the corpus has none."""

    study_id: str | None = None
    subject_id: str | None = None
    background: list[str] = field(default_factory=list)  # joined as "Name: text" in this order
    findings: str | None = None
    impression: str | None = None
    report: str | None = None  # a whole raw report, parsed by `profile`, instead of sections


@dataclass
class Cleaning:
    """What counts as a usable report. Every drop is counted under its reason in summary.json."""

    list_numbers: ListNumbers = ListNumbers.strip
    placeholder: str = "___"  # every de-identification mark (____, XXXX, [**...**]) becomes this
    min_findings_words: int = 3
    min_impression_words: int = 2
    max_findings_words: int = 1000
    max_impression_words: int = 400
    duplicates: Duplicates = Duplicates.study
    drop_pointers: bool = True  # impressions that only point elsewhere ("as above")
    drop_leaks: bool = True  # findings that contain the impression word for word
    max_report_bytes: int = 1_000_000  # larger ones go to quarantine


@dataclass
class Split:
    """Who is trained on and who is tested on."""

    method: SplitMethod = SplitMethod.hash
    file: str = "${data.path}"  # the official split CSV (.csv or .csv.gz); unused by `hash`
    validation: float = 0.1
    test: float = 0.1
    overlap: Overlap = Overlap.drop
    max_contamination: float = 0.01  # share of an external test set found in train: above, refused


@dataclass
class External:
    """A second test set from another corpus, evaluated as split `test_<name>`; off when null."""

    name: str | None = None
    format: CorpusFormat = CorpusFormat.indiana
    path: str | None = None
    columns: Columns = field(default_factory=Columns)


@dataclass
class Data:
    """conf/data: a corpus, how it is cleaned and how it is split."""

    name: str = "???"
    format: CorpusFormat = CorpusFormat.mimic_cxr
    path: str = "???"
    access: Access = Access.private
    profile: Profile = Profile.robust
    limit: int | None = None  # keep this many studies (a stable choice by hash), for quick looks
    columns: Columns = field(default_factory=Columns)
    cleaning: Cleaning = field(default_factory=Cleaning)
    split: Split = field(default_factory=Split)
    external: External = field(default_factory=External)


@dataclass
class Tiny:
    """The small T5 trained here, and its pre-training on another institution's reports."""

    d_model: int = 128
    heads: int = 4
    d_ff: int = 256
    layers: int = 2
    vocabulary: int = 1536
    dropout: float = 0.0
    institution: str = "A"
    reports: int = 10_000
    epochs: int = 2
    learning_rate: float = 2e-3
    batch_size: int = 32
    seed: int = 7


@dataclass
class Lora:
    """Low-rank adapters (Hu et al. 2021), merged into the weights when training ends."""

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    targets: list[str] = field(default_factory=lambda: ["q", "v"])


@dataclass
class Model:
    """conf/model: the foundation, the prompt and what is trained."""

    name: str = "???"
    origin: Origin = Origin.hub
    hub_id: str | None = None
    revision: str | None = None  # a full commit hash: branches move
    path: str | None = None  # a local checkpoint in hub layout; wins over hub_id
    prompt: str = "{findings}"  # may use {findings}, {background}; {neighbours} where retrieval > 0
    max_source_tokens: int = 512
    max_target_tokens: int = 128
    retrieval: int = 0  # nearest training impressions put into the prompt; 0 is off
    adapter: Adapter = Adapter.none
    lora: Lora = field(default_factory=Lora)
    tiny: Tiny = field(default_factory=Tiny)


@dataclass
class Training:
    """conf/training: what decides the weights, wherever they are computed."""

    epochs: float = 3.0
    max_steps: int = -1  # wins over epochs where positive
    learning_rate: float = 1e-4
    scheduler: str = "linear"
    warmup_ratio: float = 0.03
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    label_smoothing: float = 0.0
    batch_size: int = 32  # pairs an optimizer step, over all processes and accumulation steps
    evaluations: int = 10  # validations over the whole training, each with a checkpoint
    patience: int = 3  # validations without a better loss before training stops
    group_by_length: bool = True


@dataclass
class Compute:
    """conf/compute: where and how it is computed; two choices here give equivalent models."""

    name: str = "local"
    device: Device = Device.auto
    precision: Precision = Precision.auto
    strategy: Strategy = Strategy.single
    place: Place = Place.local
    nodes: int = 1  # machines
    processes: int = 1  # over all nodes
    threads: int = 2  # CPU threads of each process, pinned: their number changes the last digits
    workers: int = 2  # processes that parse raw reports
    # Pairs a process holds at once, as if all were of the greatest length; accumulation makes up
    # batch_size. With packing, as many pairs as need no more memory than those would.
    micro_batch_size: int = 32
    gradient_checkpointing: bool = False
    packing: bool = True  # train on pairs without padding; false: one pair a row, padded
    job: Job = field(default_factory=Job)


@dataclass
class Generation:
    """conf/generation: decoding, and the systems that are compared."""

    max_new_tokens: int = 128
    num_beams: int = 1
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    omissions: Omissions = Omissions.auto  # of the fine-tuned model
    batch_size: int = 32
    engine: Engine = Engine.auto
    endpoints: dict[str, str] = field(default_factory=dict)  # system name: SageMaker endpoint
    concurrency: int = 8  # requests in flight to one endpoint
    systems: list[str] = field(
        default_factory=lambda: ["constant", "lead", "retrieval", "foundation", "finetuned"]
    )
    lead_sentences: int = 2

    @property
    def compared(self) -> list[str]:
        """Every system whose predictions are made and scored, those of endpoints last."""
        return [*self.systems, *self.endpoints]


@dataclass
class Evaluation:
    """conf/evaluation: what is measured and how surely."""

    candidate: str = "finetuned"  # every other system is tested against this one
    bootstrap_samples: int = 2000
    confidence: float = 0.95
    length_bins: list[int] = field(default_factory=lambda: [20, 40, 80])  # words of findings
    min_slice: int = 30  # smaller slices are marked as small
    examples: int = 30  # shown in report.html, public corpora only


@dataclass
class Tracking:
    """conf/tracking: where runs and models are recorded."""

    uri: str | None = None  # null: MLFLOW_TRACKING_URI if set, else mlruns/mlflow.db here
    experiment: str = "radimpress-${data.name}"
    registered_model: str = "radimpress"
    log_text: bool | None = None  # report text in MLflow tables; null: of public corpora only
    model: ModelStorage = ModelStorage.copy


@dataclass
class Config:
    """The whole composed configuration: params.yaml."""

    conf_digest: str = "${conf_digest:}"  # sha256 over conf/**/*.yaml; shows a stale params.yaml
    seed: int = 17
    data: Data = field(default_factory=Data)
    model: Model = field(default_factory=Model)
    training: Training = field(default_factory=Training)
    compute: Compute = field(default_factory=Compute)
    generation: Generation = field(default_factory=Generation)
    evaluation: Evaluation = field(default_factory=Evaluation)
    promotion: Promotion = field(default_factory=Promotion)
    serving: Serving = field(default_factory=Serving)
    cloud: Cloud = field(default_factory=Cloud)
    deployment: Deployment = field(default_factory=Deployment)
    tracking: Tracking = field(default_factory=Tracking)
