# The image of an endpoint: the app of `radimpress serve` over the model that SageMaker mounts.
#
#   docker build -t radimpress:$(.venv/bin/radimpress --version) .
#   docker build --build-arg BASE=nvidia/cuda:12.8.1-runtime-ubuntu24.04 --build-arg TORCH=cu128 -t radimpress:gpu .
#   docker run --rm -p 8080:8080 -v "$PWD/models/finetuned:/opt/ml/model:ro" radimpress:gpu serve
#
# docs/endpoints.md pushes it to ECR. Versions are those of constraints.txt, as everywhere else.
ARG BASE=python:3.11-slim

FROM ${BASE}
# cpu, or a CUDA build of PyTorch's index (cu128): it decides which torch is installed.
ARG TORCH=cpu
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_INSTALL_DIR=/opt/python
COPY --from=ghcr.io/astral-sh/uv:0.9.5 /uv /usr/local/bin/uv

WORKDIR /opt/radimpress
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN uv venv --python 3.11 /opt/venv \
    && uv pip install --python /opt/venv/bin/python --torch-backend="${TORCH}" --no-cache \
       --constraints constraints.txt .

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    OMP_WAIT_POLICY=passive \
    TOKENIZERS_PARALLELISM=false

# Nothing here needs root, and nothing may be written but temporary files.
RUN useradd --system --uid 10001 --home-dir /home/radimpress --create-home radimpress
USER radimpress
WORKDIR /home/radimpress

EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=300s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
# SageMaker calls it with `serve`; any other words are a command of radimpress.
ENTRYPOINT ["python", "-m", "radimpress.serving.container"]
CMD ["serve"]
