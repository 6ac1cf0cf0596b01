"""The practice law firm: people, carriers, matters and a month of work, all made from one seed."""
