# The image of an endpoint: the app of `radimpress serve` over the model that SageMaker mounts.
#
#   docker build -t radimpress:$(.venv/bin/radimpress --version) .
#   docker build --build-arg TORCH=cu130 -t radimpress:gpu .
#   docker run --rm -p 8080:8080 -v "$PWD/models/finetuned:/opt/ml/model:ro" radimpress:gpu serve
#
# docs/endpoints.md pushes it to ECR. Versions are those of constraints.txt, as everywhere else; a test
# holds this file to them.
ARG BASE=python:3.11-slim

FROM ${BASE}
# cpu, or the CUDA that constraints.txt pins (cu130). Its libraries come as wheels: no other base.
ARG TORCH=cpu
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir --root-user-action=ignore uv==0.13.9

WORKDIR /opt/radimpress
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN uv venv --python 3.11 --no-python-downloads /opt/venv \
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
