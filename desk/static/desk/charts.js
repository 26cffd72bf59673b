/* Draws the charts of a report from the figures that stand beside them; the table below has the same. */
(function () {
    "use strict";

    function draw(canvas) {
        const figures = document.getElementById(canvas.dataset.chart);
        if (!figures || canvas.dataset.drawn || typeof Chart === "undefined") {
            return;
        }
        canvas.dataset.drawn = "yes";
        new Chart(canvas, {
            type: "bar",
            data: JSON.parse(figures.textContent),
            options: {
                animation: false,
                maintainAspectRatio: false,
                maxBarThickness: 80,
                responsive: true,
                color: "#6b7280",
                plugins: {legend: {display: true, position: "top"}},
                scales: {
                    x: {grid: {display: false}, ticks: {color: "#6b7280"}},
                    y: {beginAtZero: true, grid: {color: "#9ca3af55"}, ticks: {color: "#6b7280"}},
                },
            },
        });
    }

    document.querySelectorAll("canvas[data-chart]").forEach(draw);
})();
